import COpenSSL
import Cryptography
import Quantities

extension DistinguishedName {
  /// Reads a name of a certificate; its encoded order is the reverse of the text's. Throws `certificate-bad`.
  init(_ name: OpaquePointer?) throws(Problem) {
    guard let name else { throw CertificateDetails.bad("it has no name") }
    let count = X509_NAME_entry_count(name)
    guard count <= 100 else { throw CertificateDetails.bad("a name in it has more than 100 parts") }
    var parts: [[Attribute]] = []
    var last: Int32 = -1
    for index in 0..<count {
      guard let entry = X509_NAME_get_entry(name, index) else { throw CertificateDetails.bad("a name is malformed") }
      let attribute = try Attribute(entry)
      let set = X509_NAME_ENTRY_set(entry)
      if set == last, !parts.isEmpty { parts[parts.count - 1].append(attribute) } else { parts.append([attribute]) }
      last = set
    }
    self.init(parts: parts.reversed())
  }

  /// The name as libcrypto has it; the caller frees it. Throws `cryptography-failed`.
  func makeName() throws(Problem) -> OpaquePointer {
    guard let name = X509_NAME_new() else { throw OpenSSL.failure("make a name") }
    for part in parts.reversed() {
      for (index, attribute) in part.enumerated() {
        let octets = Array(attribute.value.utf8)
        // 0: a new part; -1: one more attribute of the last.
        let result = X509_NAME_add_entry_by_txt(
          name, attribute.type, Int32(MBSTRING_UTF8), octets, Int32(octets.count), -1, index == 0 ? 0 : -1)
        if result != 1 {
          X509_NAME_free(name)
          throw OpenSSL.failure("write \(attribute.type) of a name")
        }
      }
    }
    return name
  }
}

extension DistinguishedName.Attribute {
  fileprivate init(_ entry: OpaquePointer) throws(Problem) {
    var identifier = [CChar](repeating: 0, count: 128)
    let length = OBJ_obj2txt(&identifier, Int32(identifier.count), X509_NAME_ENTRY_get_object(entry), 1)
    guard length > 0, length < identifier.count, let value = X509_NAME_ENTRY_get_data(entry) else {
      throw CertificateDetails.bad("a name in it is malformed")
    }
    let octets = identifier.prefix(Int(length)).map { UInt8(bitPattern: $0) }
    let type = AttributeTypes.name(of: String(decoding: octets, as: UTF8.self))
    guard value.pointee.length <= 4096 else { throw CertificateDetails.bad("a name in it is too long") }
    self = try Self.texts.contains(value.pointee.type) ? .text(type, value) : .encoded(type, value)
  }

  private static let texts: Set<Int32> = [
    V_ASN1_UTF8STRING, V_ASN1_PRINTABLESTRING, V_ASN1_IA5STRING, V_ASN1_T61STRING, V_ASN1_BMPSTRING,
    V_ASN1_UNIVERSALSTRING, V_ASN1_NUMERICSTRING, V_ASN1_VISIBLESTRING,
  ]

  private static func text(_ type: String, _ value: UnsafeMutablePointer<ASN1_STRING>) throws(Problem) -> Self {
    var start: UnsafeMutablePointer<UInt8>?
    let count = ASN1_STRING_to_UTF8(&start, value)
    defer { if let start { vc_free_string(start) } }
    guard count >= 0, let start else {
      ERR_clear_error()
      throw CertificateDetails.bad("\(type) of a name in it is not a text")
    }
    let octets = UnsafeBufferPointer(start: start, count: Int(count))
    guard !octets.contains(0) else { throw CertificateDetails.bad("\(type) of a name in it has a NUL in it") }
    guard let text = String(validating: octets, as: UTF8.self) else {
      throw CertificateDetails.bad("\(type) of a name in it is not a text")
    }
    return Self(type: type, value: text)
  }

  /// The octets as DER: tag, length, value.
  private static func encoded(_ type: String, _ value: UnsafeMutablePointer<ASN1_STRING>) throws(Problem) -> Self {
    guard let data = value.pointee.data, (0..<31).contains(value.pointee.type) else {
      throw CertificateDetails.bad("\(type) of a name in it is malformed")
    }
    let octets = Array(UnsafeBufferPointer(start: data, count: Int(value.pointee.length)))
    let length =
      octets.count < 128 ? [UInt8(octets.count)] : [0x82, UInt8(octets.count >> 8), UInt8(octets.count & 255)]
    return Self(type: type, value: Hex.text([UInt8(value.pointee.type)] + length + octets), isEncoded: true)
  }
}
