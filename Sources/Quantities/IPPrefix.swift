/// An address with a prefix length: a network (`10.1.0.0/24`) or an interface address (`10.1.0.7/24`).
public struct IPPrefix: Hashable, Sendable {
  public var address: IPAddress
  /// `0 ... 32` for IPv4, `0 ... 128` for IPv6.
  public var length: Int

  public init(address: IPAddress, length: Int) {
    self.address = address
    self.length = length
  }

  /// A length that the family does not have counts as the nearest that it has.
  private var hostBits: Int { address.width - min(max(0, length), address.width) }

  private var hostMask: UInt128 { hostBits >= 128 ? .max : (UInt128(1) << UInt128(hostBits)) - 1 }

  /// The first address of the network.
  public var network: IPAddress { address.with(number: address.number & ~hostMask) }

  /// The last address of the network: for IPv4 with a length below 31 the broadcast address.
  public var last: IPAddress { address.with(number: address.number | hostMask) }

  /// True where no bit beyond the length is set.
  public var isNetwork: Bool { network == address }

  /// True where the address is of the same family and in the network.
  public func contains(_ other: IPAddress) -> Bool {
    other.width == address.width && (network...last).contains(other)
  }

  /// IPv4 networks shorter than /31 keep their first and last address (RFC 919; RFC 3021 for /31); IPv6
  /// networks shorter than /127 keep their first, the subnet-router anycast address (RFC 4291, RFC 6164).
  private var keepsFirst: Bool { hostBits > 1 }
  private var keepsLast: Bool { hostBits > 1 && address.version == 4 }

  /// The first address that an interface may have.
  public var firstUsable: IPAddress { keepsFirst ? network.advanced(by: 1) : network }

  /// The last address that an interface may have.
  public var lastUsable: IPAddress { keepsLast ? last.with(number: last.number - 1) : last }

  /// How many addresses interfaces may have; 2^64 stands for more than that.
  public var usableCount: UInt128 {
    hostBits > 64 ? 1 << 64 : lastUsable.number - firstUsable.number + 1
  }
}

extension IPPrefix: CustomStringConvertible, TextCodable {
  /// Reads `ADDRESS/LENGTH`, the length without leading zeros. Throws `bad-prefix` or `bad-address`.
  public init(parsing text: String) throws(Problem) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count <= 3, parts[1].allSatisfy({ $0.asciiDigit != nil }),
      parts[1] == "0" || !parts[1].hasPrefix("0"), let length = Int(parts[1])
    else {
      throw Problem(
        .invalid, "bad-prefix", "'\(text.excerpt)' is not an address with a prefix length.",
        remedy: "Write one such as 10.1.0.0/24 or fd00:1::/64.")
    }
    let address = try IPAddress(parsing: String(parts[0]))
    guard length <= address.width else {
      throw Problem(
        .invalid, "bad-prefix", "'\(text.excerpt)' has a prefix length above \(address.width).",
        remedy: "Write a length from 0 to \(address.width).")
    }
    self.init(address: address, length: length)
  }

  public var description: String { "\(address)/\(length)" }
}
