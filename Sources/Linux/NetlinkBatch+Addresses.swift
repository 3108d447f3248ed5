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
      message.put(IFA_PROTO, Self.mark)
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
    let object = "\(address) on #\(link)"
    guard address.isPossible else { throw SystemError(operation: operation, object: object, errno: EINVAL) }
    try add(operation, object, type: type, flags: flags, tolerating: tolerating) { message in
      var header = ifaddrmsg()
      header.ifa_family = address.address.addressFamily
      header.ifa_prefixlen = UInt8(address.length)
      header.ifa_index = link
      message.append(header)
      message.put(IFA_LOCAL, bytes: address.address.wireOctets)
      message.put(IFA_ADDRESS, bytes: address.address.wireOctets)
      more(&message)
    }
  }
}
