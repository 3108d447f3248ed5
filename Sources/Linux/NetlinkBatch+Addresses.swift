import CNetlink
import Glibc
import Quantities

extension NetlinkBatch {
  /// Adds an interface address.
  ///
  /// - Parameter detectsDuplicates: false makes an IPv6 address usable at once (`IFA_F_NODAD`).
  public mutating func addAddress(
    _ address: IPPrefix, to link: UInt32, detectsDuplicates: Bool = false, tolerating: Tolerance = []
  ) throws(SystemError) {
    try change("add address", address, link, RTM_NEWADDR, Self.create, tolerating) { message in
      // IPv4 has no duplicate address detection, and 0.0.0.0 as its broadcast address would be wrong.
      if case .v6 = address.address, !detectsDuplicates { message.put(IFA_FLAGS, UInt32(IFA_F_NODAD)) }
      if case .v4(let number) = address.address, address.length < 31 {
        message.put(IFA_BROADCAST, (number | (UInt32.max >> UInt32(address.length))).bigEndian)
      }
    }
  }

  /// Removes an interface address.
  public mutating func deleteAddress(
    _ address: IPPrefix, from link: UInt32, tolerating: Tolerance = []
  ) throws(SystemError) {
    try change("delete address", address, link, RTM_DELADDR, 0, tolerating) { _ in }
  }

  private mutating func change(
    _ operation: String, _ address: IPPrefix, _ link: UInt32, _ type: Int, _ flags: Int32, _ tolerating: Tolerance,
    _ more: (inout NetlinkMessage) -> Void
  ) throws(SystemError) {
    let object = "\(address.text) on #\(link)"
    guard address.isPossible else { throw SystemError(operation: operation, object: object, errno: EINVAL) }
    try add(operation, object, type: type, flags: flags, tolerating: tolerating) { message in
      var header = ifaddrmsg()
      header.ifa_family = address.address.family
      header.ifa_prefixlen = UInt8(address.length)
      header.ifa_index = link
      message.append(header)
      message.put(IFA_LOCAL, bytes: address.address.octets)
      message.put(IFA_ADDRESS, bytes: address.address.octets)
      more(&message)
    }
  }
}

extension IPPrefix {
  /// The length fits the family.
  var isPossible: Bool { (0...address.octets.count * 8).contains(length) }

  /// The network part alone: bits beyond the length are cleared.
  var network: IPAddress {
    switch address {
    case .v4(let number): .v4(length == 0 ? 0 : number & (UInt32.max << UInt32(32 - length)))
    case .v6(let number): .v6(length == 0 ? 0 : number & (UInt128.max << UInt128(128 - length)))
    }
  }

  /// For messages.
  var text: String { "\(address.text)/\(length)" }
}

extension IPAddress {
  /// `AF_INET` or `AF_INET6`.
  var family: UInt8 {
    switch self {
    case .v4: UInt8(AF_INET)
    case .v6: UInt8(AF_INET6)
    }
  }

  /// 4 or 16 octets in the order of the wire.
  var octets: [UInt8] {
    switch self {
    case .v4(let number): withUnsafeBytes(of: number.bigEndian) { Array($0) }
    case .v6(let number): withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
  }

  /// From octets in the order of the wire; nil where they are neither 4 nor 16.
  init?(octets: some Collection<UInt8>) {
    switch octets.count {
    case 4: self = .v4(octets.reduce(0) { $0 << 8 | UInt32($1) })
    case 16: self = .v6(octets.reduce(0) { $0 << 8 | UInt128($1) })
    default: return nil
    }
  }

  /// For messages (`inet_ntop(3)`).
  var text: String {
    let bytes = octets
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let base = buffer.baseAddress, let text = inet_ntop(Int32(family), bytes, base, 64) else { return "?" }
      return String(cString: text)
    }
  }
}
