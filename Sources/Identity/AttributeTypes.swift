import Quantities

/// Names of attribute types (RFC 4514 section 3, RFC 4519, RFC 2985).
enum AttributeTypes {
  private static let names = [
    "2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C",
    "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
    "1.2.840.113549.1.9.1": "emailAddress", "2.5.4.5": "serialNumber", "2.5.4.4": "SN", "2.5.4.42": "GN",
  ]
  private static let byUpperCase: [String: String] = {
    var table = Dictionary(uniqueKeysWithValues: names.values.map { ($0.uppercased(), $0) })
    // What older tools write.
    table["E"] = "emailAddress"
    table["EMAIL"] = "emailAddress"
    return table
  }()

  /// The name of an object identifier, or the identifier itself.
  static func name(of identifier: String) -> String { names[identifier] ?? identifier }

  /// One spelling for each type: that of the table; what is not in it stays as it is.
  static func canonical(_ type: String) -> String {
    byUpperCase[type.uppercased()] ?? names[type] ?? type
  }
}

/// Hexadecimal digits.
enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits an octet.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// 0 to 15 for a digit of either case.
  static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
