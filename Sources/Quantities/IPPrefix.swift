/// An address with a prefix length: a network (`10.1.0.0/24`) or an interface address (`10.1.0.7/24`).
public struct IPPrefix: Hashable, Codable, Sendable {
  public var address: IPAddress
  /// `0 ... 32` for IPv4, `0 ... 128` for IPv6.
  public var length: Int
  public init(address: IPAddress, length: Int) {
    self.address = address
    self.length = length
  }
}
