import CNetlink
import Glibc
import Quantities

// Addresses as netlink carries them.

extension MACAddress {
  /// From six octets in the order of the wire; nil for another number of them.
  init?(wireOctets octets: some Collection<UInt8>) {
    guard octets.count == 6 else { return nil }
    self.init(rawValue: octets.reduce(0) { $0 << 8 | UInt64($1) })
  }
}

extension IPPrefix {
  /// The length fits the family.
  var isPossible: Bool { (0...address.width).contains(length) }
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
}
