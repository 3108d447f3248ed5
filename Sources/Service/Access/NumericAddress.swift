import Glibc

/// Addresses as the kernel writes them.
enum NumericAddress {
  /// The 16 bytes of an IPv6 address, without its zone (RFC 4007); nil where the text is none (inet_pton(3)).
  static func bytes(ofIPv6 text: String) -> [UInt8]? {
    guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    let address = String(text.prefix { $0 != "%" })
    return inet_pton(AF_INET6, address, &bytes) == 1 ? bytes : nil
  }
}
