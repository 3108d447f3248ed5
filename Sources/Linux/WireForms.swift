import CNetlink
import Glibc
import Quantities

// Addresses as netlink carries them.

extension MACAddress {
  /// The six octets in the order of the wire.
  var wireOctets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> (40 - 8 * $0)) } }

  /// From six octets in the order of the wire; nil for another number of them.
  init?(wireOctets octets: some Collection<UInt8>) {
    guard octets.count == 6 else { return nil }
    self.init(rawValue: octets.reduce(0) { $0 << 8 | UInt64($1) })
  }
}

extension IPPrefix {
  /// The length fits the family.
  var isPossible: Bool { (0...address.wireOctets.count * 8).contains(length) }

  /// The network part alone: bits beyond the length are cleared.
  var wireNetwork: IPAddress {
    switch address {
    case .v4(let number): .v4(length == 0 ? 0 : number & (UInt32.max << UInt32(32 - length)))
    case .v6(let number): .v6(length == 0 ? 0 : number & (UInt128.max << UInt128(128 - length)))
    }
  }

  /// For messages.
  var messageText: String { "\(address.messageText)/\(length)" }
}

extension IPAddress {
  /// `AF_INET` or `AF_INET6`.
  var addressFamily: UInt8 {
    switch self {
    case .v4: UInt8(AF_INET)
    case .v6: UInt8(AF_INET6)
    }
  }

  /// 4 or 16 octets in the order of the wire.
  var wireOctets: [UInt8] {
    switch self {
    case .v4(let number): withUnsafeBytes(of: number.bigEndian) { Array($0) }
    case .v6(let number): withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
  }

  /// From octets in the order of the wire; nil where they are neither 4 nor 16.
  init?(wireOctets octets: some Collection<UInt8>) {
    switch octets.count {
    case 4: self = .v4(octets.reduce(0) { $0 << 8 | UInt32($1) })
    case 16: self = .v6(octets.reduce(0) { $0 << 8 | UInt128($1) })
    default: return nil
    }
  }

  /// For messages (`inet_ntop(3)`).
  var messageText: String {
    let bytes = wireOctets
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let base = buffer.baseAddress, let text = inet_ntop(Int32(addressFamily), bytes, base, 64) else {
        return "?"
      }
      return String(cString: text)
    }
  }
}
