import Cryptography
import Quantities

/// A random secret and the text in which it travels: `vct_<id>_<secret><check>`, all in lower-case hexadecimal.
///
/// The identifier (64 bits) finds the record at once, the secret has 256 random bits, and the check (the first
/// 32 bits of SHA-256 of all before it) tells a slip of the pen or a cut copy from a token that is not valid any
/// more. The check protects nothing: whoever wants to can compute it.
struct Secret {
  /// 16 hexadecimal digits; no secret, it may stand in logs.
  let id: String
  let bytes: [UInt8]
  let prefix: String

  static func draw(prefix: String) throws(Problem) -> Secret {
    Secret(id: Hex.text(try RandomBytes.draw(8)), bytes: try RandomBytes.draw(32), prefix: prefix)
  }

  private init(id: String, bytes: [UInt8], prefix: String) {
    self.id = id
    self.bytes = bytes
    self.prefix = prefix
  }

  /// Throws `token-malformed`.
  init(parsing text: String, prefix: String) throws(Problem) {
    let octets = Array(text.utf8)
    let body = Array(prefix.utf8) + [UInt8](repeating: 0, count: 16) + Array("_".utf8)
    guard octets.count == body.count + 64 + 8, octets.starts(with: prefix.utf8),
      octets[body.count - 1] == UInt8(ascii: "_")
    else { throw Self.malformed("it is not of the form \(prefix)…") }
    func part(_ range: Range<Int>) -> String { String(decoding: octets[range], as: UTF8.self) }
    let id = part(prefix.utf8.count..<body.count - 1)
    guard Hex.bytes(id) != nil, let bytes = Hex.bytes(part(body.count..<body.count + 64)),
      part(octets.count - 8..<octets.count) == Self.check(part(0..<octets.count - 8))
    else { throw Self.malformed("a character of it is wrong") }
    self.init(id: id, bytes: bytes, prefix: prefix)
  }

  var text: String {
    let body = "\(prefix)\(id)_\(Hex.text(bytes))"
    return body + Self.check(body)
  }

  private static func check(_ body: String) -> String {
    Hex.text(Digest.sha256(Array(body.utf8)).prefix(4))
  }

  /// The text itself is left out of the message: it may be nearly a secret.
  private static func malformed(_ fault: String) -> Problem {
    Problem(
      .notPermitted, "token-malformed", "The token was not copied whole: \(fault).",
      remedy: "Copy the whole token again; it is one word of \("vct_".utf8.count + 89) characters.")
  }
}

/// What is kept of a secret: SHA-256 over a salt and it.
///
/// No slow hash such as Argon2: those make guessing dear where secrets are guessable. Nobody guesses 256 random
/// bits, and a slow hash would let anybody keep the service busy with wrong tokens. The salt only keeps equal
/// secrets, which do not occur, from looking equal.
struct SecretDigest: Hashable, Codable, Sendable {
  private let salt: String
  private let digest: String

  init(_ secret: Secret) throws(Problem) {
    let salt = try RandomBytes.draw(16)
    self.salt = Hex.text(salt)
    digest = Hex.text(Digest.sha256(salt + secret.bytes))
  }

  /// Takes the same time wherever the two differ.
  func fits(_ secret: Secret) -> Bool {
    guard let salt = Hex.bytes(salt), let digest = Hex.bytes(digest) else { return false }
    return Digest.isEqual(Digest.sha256(salt + secret.bytes), digest)
  }
}
