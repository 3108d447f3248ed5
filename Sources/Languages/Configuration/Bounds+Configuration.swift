import Quantities

/// What only configurations have.
extension Bounds {
  static func port(_ text: String) throws(Problem) -> UInt16 { UInt16(try whole(text, in: 0...65_535, "7743")) }

  /// A whole number. Throws `out-of-bounds`.
  static func whole(_ text: String, in range: ClosedRange<Int>, _ example: String) throws(Problem) -> Int {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text),
      range.contains(number)
    else {
      throw Problem(
        .invalid, "out-of-bounds",
        "'\(text.excerpt)' is not a whole number from \(range.lowerBound) to \(range.upperBound).",
        remedy: "Write one such as \(example).")
    }
    return number
  }

  /// Throws `out-of-bounds` and what `Duration` throws.
  static func duration(_ text: String, in range: ClosedRange<Duration>) throws(Problem) -> Duration {
    let duration = try Duration(parsing: text)
    guard range.contains(duration) else {
      throw Problem(
        .invalid, "out-of-bounds",
        "'\(text.excerpt)' is not from \(range.lowerBound.text) to \(range.upperBound.text).",
        remedy: "Write a duration between the two.")
    }
    return duration
  }

  /// An absolute path of at most `limit` bytes. Throws `relative-path` or `bad-path`.
  static func path(_ text: String, upTo limit: Int = 4095) throws(Problem) -> String {
    guard text.hasPrefix("/") else {
      throw Problem(
        .invalid, "relative-path", "'\(text.excerpt)' is not an absolute path.", remedy: "Begin it with '/'.")
    }
    guard text.utf8.count <= limit, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
      throw Problem(
        .invalid, "bad-path", "'\(text.excerpt)' has more than \(limit) bytes, or control characters.",
        remedy: "Choose a shorter one, such as /run/virtcloud/control.socket.")
    }
    return text
  }

  /// Bits of `chmod(2)` in octal: `0660`.
  static func mode(_ text: String) throws(Problem) -> UInt16 {
    guard (3...4).contains(text.utf8.count), let mode = UInt16(text, radix: 8), mode <= 0o777 else {
      throw Problem(
        .invalid, "bad-mode", "'\(text.excerpt)' is not a file's mode from 000 to 0777.",
        remedy: "Write one in octal, such as \"0660\".")
    }
    return mode
  }

  /// A name of a person or group as a system or a directory has it. Throws `bad-user`.
  static func user(_ text: String) throws(Problem) -> String {
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "@"): true
      default: false
      }
    }
    guard (1...64).contains(text.utf8.count), isPlain, !text.hasPrefix("-") else {
      throw Problem(
        .invalid, "bad-user", "'\(text.excerpt)' cannot be the name of a user or group.",
        remedy: "Write 1 to 64 letters, digits, '.', '_', '@' and '-', such as alice or alice@example.org.")
    }
    return text
  }

  /// A subject or issuer of a certificate, or a pattern of one: one line of 1 to 1024 bytes.
  static func distinguishedName(_ text: String) throws(Problem) -> String {
    guard (1...1024).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }), text.contains("=")
    else {
      throw Problem(
        .invalid, "bad-distinguished-name", "'\(text.excerpt)' is not the name in a certificate.",
        remedy: "Write it as openssl x509 -noout -subject does, such as \"CN=Alice,O=Example\".")
    }
    return text
  }

  /// `eth0`: what the kernel takes as an interface's name (dev_valid_name of linux/netdevice.h).
  static func interface(_ text: String) throws(Problem) -> String {
    let forbidden: Set<Character> = ["/", ":", " "]
    guard (1...15).contains(text.utf8.count), ![".", ".."].contains(text),
      text.allSatisfy({ $0.isASCII && ($0.asciiValue ?? 0) > 32 && $0.asciiValue != 127 && !forbidden.contains($0) })
    else {
      throw Problem(
        .invalid, "bad-interface", "'\(text.excerpt)' cannot be the name of an interface.",
        remedy: "Write one of those that 'ip link' lists, such as eth0.")
    }
    return text
  }
}
