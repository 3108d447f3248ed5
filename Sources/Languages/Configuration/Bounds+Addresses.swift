import Quantities

/// Addresses of services.
extension Bounds {
  /// `SCHEME://HOST[:PORT][/PATH]` (RFC 3986, section 3), without user, query and fragment. Throws `bad-url`.
  static func url(_ text: String, _ schemes: [String]) throws(Problem) -> String {
    guard !text.contains("@") else {
      // Not quoted: what stands before the @ may be a password.
      throw Problem(
        .invalid, "bad-url", "The address holds a user or a password.",
        remedy: "Write it without, such as \(schemes[0])://host.example.org.")
    }
    let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, schemes.contains(String(parts[0])), text.utf8.count <= 2048,
      text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !Array("\"<>\\^`{|}?#@".utf8).contains($0) }),
      isAuthority(parts[1].prefix { $0 != "/" })
    else {
      throw Problem(
        .invalid, "bad-url", "'\(text.excerpt)' is not a well-formed \(words(schemes)) address.",
        remedy: "Write one such as \(schemes[0])://host.example.org.")
    }
    return text
  }

  /// A host name or an IP address, as certificates carry them. Throws `bad-host`.
  static func host(_ text: String) throws(Problem) -> String {
    guard isHost(Substring(text)) || (try? IPAddress(parsing: text)) != nil else {
      throw Problem(
        .invalid, "bad-host", "'\(text.excerpt)' is neither a host name nor an IP address.",
        remedy: "Write one such as cloud.example.org or 10.1.0.7.")
    }
    return text
  }

  /// `NAME@HOST`. Throws `bad-mail-address`.
  static func mailAddress(_ text: String) throws(Problem) -> String {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    let special = Array("\"(),:;<>[\\]".utf8)
    guard parts.count == 2, (1...64).contains(parts[0].utf8.count), isHost(parts[1]),
      parts[0].utf8.allSatisfy({ $0 > 32 && $0 < 127 && !special.contains($0) })
    else {
      throw Problem(
        .invalid, "bad-mail-address", "'\(text.excerpt)' is not a mail address.",
        remedy: "Write one such as virtcloud@example.org.")
    }
    return text
  }

  private static func words(_ schemes: [String]) -> String {
    schemes.joined(separator: " or ")
  }

  private static func isAuthority(_ text: Substring) -> Bool {
    guard text.hasPrefix("[") else {
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return isHost(parts[0]) && (parts.count == 1 || isPort(parts[1]))
    }
    let parts = text.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let address = try? IPAddress(parsing: String(parts[0])), address.version == 6
    else { return false }
    return parts[1].isEmpty || parts[1].hasPrefix(":") && isPort(parts[1].dropFirst())
  }

  private static func isPort(_ text: Substring) -> Bool { ((try? port(String(text))) ?? 0) > 0 }

  /// RFC 1123, section 2.1, in either case.
  private static func isHost(_ text: Substring) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 253 && labels.allSatisfy { Name($0.lowercased()) != nil }
  }
}
