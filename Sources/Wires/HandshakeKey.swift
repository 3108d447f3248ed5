import Cryptography
import Quantities

/// The symmetric key with which both ends of a wire authenticate and hide their handshake (`--tls-crypt`,
/// `openvpn(8)`): 2048 random bits in OpenVPN's static key format.
enum HandshakeKey {
  /// A new key's file.
  static func make() throws(Problem) -> String {
    let bytes = try RandomBytes.draw(256)
    let lines = stride(from: 0, to: bytes.count, by: 16).map { start in
      Hex.text(bytes[start..<start + 16])
    }
    let frame = ["-----BEGIN OpenVPN Static key V1-----"] + lines + ["-----END OpenVPN Static key V1-----", ""]
    return frame.joined(separator: "\n")
  }
}
