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
