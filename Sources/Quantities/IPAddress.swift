/// An IPv4 or IPv6 address as a number in host byte order.
public enum IPAddress: Hashable, Comparable, Codable, Sendable {
  case v4(UInt32)
  case v6(UInt128)
}
