import CNetlink
import Glibc

/// One request under construction, owned: a `struct nl_msg` of libnl, which computes all lengths.
struct NetlinkMessage: ~Copyable {
  /// What a request may hold; the kernel's own names and aliases are far shorter.
  private static let capacity = 2048
  private let message: OpaquePointer
  /// True once something did not fit; the message must not be sent then.
  private(set) var isOverflown = false

  init(type: Int, flags: Int32) throws(SystemError) {
    guard let message = nlmsg_alloc_size(Self.capacity) else {
      throw SystemError(operation: "allocate", object: "netlink message", errno: ENOMEM)
    }
    self.message = message
    if nlmsg_put(message, 0, 0, Int32(type), 0, flags | Int32(NLM_F_REQUEST)) == nil { isOverflown = true }
  }

  deinit {
    nlmsg_free(message)
  }

  /// Appends a fixed header, such as `struct ifinfomsg`.
  mutating func append<Header: BitwiseCopyable>(_ header: Header) {
    let code = withUnsafeBytes(of: header) { bytes in
      nlmsg_append(message, UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, Int32(NLMSG_ALIGNTO))
    }
    note(code)
  }

  /// Appends an attribute whose payload is a number or structure in host byte order.
  mutating func put<Value: BitwiseCopyable>(_ attribute: some BinaryInteger, _ value: Value) {
    note(withUnsafeBytes(of: value) { nla_put(message, Int32(attribute), Int32($0.count), $0.baseAddress) })
  }

  /// Appends an attribute of a zero-terminated string.
  mutating func put(_ attribute: some BinaryInteger, text: String) {
    note(nla_put_string(message, Int32(attribute), text))
  }

  /// Appends an attribute of bytes as they are.
  mutating func put(_ attribute: some BinaryInteger, bytes: some Collection<UInt8>) {
    note(Array(bytes).withUnsafeBytes { nla_put(message, Int32(attribute), Int32($0.count), $0.baseAddress) })
  }

  /// Appends an attribute without a payload.
  mutating func put(flag attribute: some BinaryInteger) {
    note(nla_put_flag(message, Int32(attribute)))
  }

  /// Appends an attribute that holds what `body` appends.
  mutating func nest(_ attribute: some BinaryInteger, _ body: (inout NetlinkMessage) -> Void) {
    guard let start = nla_nest_start(message, Int32(attribute)) else {
      isOverflown = true
      return
    }
    body(&self)
    note(nla_nest_end(message, start))
  }

  /// The finished message, its header first.
  func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
    guard let header = nlmsg_hdr(message) else { return }
    body(UnsafeRawBufferPointer(start: header, count: Int(header.pointee.nlmsg_len)))
  }

  private mutating func note(_ code: Int32) {
    if code < 0 { isOverflown = true }
  }
}
