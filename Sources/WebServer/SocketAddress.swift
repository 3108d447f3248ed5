import Glibc

/// An address of a socket: IPv4, IPv6 or a Unix path.
struct SocketAddress {
  var storage = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  var family: Int32 { Int32(storage.ss_family) }

  init() {}

  init?(address: String, port: UInt16) {
    var v4 = sockaddr_in()
    var v6 = sockaddr_in6()
    if inet_pton(AF_INET, address, &v4.sin_addr) == 1 {
      (v4.sin_family, v4.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
      set(v4)
    } else if inet_pton(AF_INET6, address, &v6.sin6_addr) == 1 {
      (v6.sin6_family, v6.sin6_port) = (sa_family_t(AF_INET6), port.bigEndian)
      set(v6)
    } else {
      return nil
    }
  }

  init?(path: String) {
    var name = sockaddr_un()
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0), bytes.count < MemoryLayout.size(ofValue: name.sun_path) else {
      return nil
    }
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
    set(name)
  }

  /// Where a socket is bound.
  init?(localOf descriptor: Int32) {
    var (storage, length) = (storage, length)
    let result = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { return nil }
    (self.storage, self.length) = (storage, length)
  }

  /// 0 where there is none.
  var port: UInt16 {
    switch family {
    case AF_INET: withBytes(as: sockaddr_in.self) { UInt16(bigEndian: $0.sin_port) }
    case AF_INET6: withBytes(as: sockaddr_in6.self) { UInt16(bigEndian: $0.sin6_port) }
    default: 0
    }
  }

  /// The numeric address; IPv4 in IPv6 as IPv4.
  var text: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      let size = socklen_t(buffer.count)
      let text =
        switch family {
        case AF_INET:
          withBytes(as: sockaddr_in.self) { name in
            var address = name.sin_addr
            return inet_ntop(AF_INET, &address, base, size)
          }
        case AF_INET6:
          withBytes(as: sockaddr_in6.self) { name in
            var address = name.sin6_addr
            return inet_ntop(AF_INET6, &address, base, size)
          }
        default: UnsafePointer<CChar>?.none
        }
      let numeric = text.map { String(cString: $0) } ?? ""
      let mapped = "::ffff:"
      return numeric.hasPrefix(mapped) && numeric.contains(".") ? String(numeric.dropFirst(mapped.count)) : numeric
    }
  }

  func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  mutating func withMutablePointer<Value>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Value
  ) -> Value {
    withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }

  private mutating func set<Name>(_ name: Name) {
    length = socklen_t(MemoryLayout<Name>.size)
    withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: name, as: Name.self) }
  }

  private func withBytes<Name, Value>(as type: Name.Type, _ body: (Name) -> Value) -> Value {
    withUnsafeBytes(of: storage) { body($0.load(as: Name.self)) }
  }
}
