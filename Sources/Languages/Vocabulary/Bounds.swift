import Quantities

/// Quantities within what makes sense. The upper bounds are so far above any hardware that they refuse only
/// slips, and so low that sums over the 10,000 nodes or networks of a file fit into 64 bits.
enum Bounds {
  /// Above 0, at most a million cores. Throws `out-of-bounds` and what `Cores` throws.
  static func cpu(_ text: String) throws(Problem) -> Cores {
    try within(text, Cores(parsing: text), above: .zero, upTo: Cores(thousandths: 1_000_000_000), "0.5")
  }

  /// From 4 MiB, without which no program starts, to 256 TiB.
  static func memory(_ text: String) throws(Problem) -> ByteCount {
    let memory = try within(text, ByteCount(parsing: text), above: .zero, upTo: ByteCount(bytes: 1 << 48), "128MiB")
    guard memory.bytes >= 4 << 20 else {
      throw Problem(
        .invalid, "memory-too-small", "'\(text.excerpt)' is less than 4MiB.", remedy: "Write more, such as 128MiB.")
    }
    return memory
  }

  /// From 0 to 1 PiB.
  static func storage(_ text: String) throws(Problem) -> ByteCount {
    if text == "0" { return .zero }
    let storage = try ByteCount(parsing: text)
    guard storage.bytes <= 1 << 50 else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.excerpt)' is more than 1024TiB.", remedy: "Write less, such as 20GB.")
    }
    return storage
  }

  /// Above 0, at most 100 Tbit/s.
  static func rate(_ text: String) throws(Problem) -> Bitrate {
    if !text.isEmpty, text.utf8.allSatisfy({ $0 == UInt8(ascii: "0") }) { throw zero(text, "100Mbit/s") }
    let most = Bitrate(bitsPerSecond: 100_000_000_000_000)
    return try within(text, Bitrate(parsing: text), above: .zero, upTo: most, "100Mbit/s")
  }

  /// Above 0, for an upper bound that somebody asks for.
  static func latencyBound(_ text: String) throws(Problem) -> Duration {
    try within(text, Duration(parsing: text), above: .zero, upTo: .seconds(60), "10ms")
  }

  /// From 0, for what a link has.
  static func latency(_ text: String) throws(Problem) -> Duration {
    if text == "0" { return .zero }
    return try within(text, Duration(parsing: text), above: .nanoseconds(-1), upTo: .seconds(60), "10ms")
  }

  /// From 1280, which every IPv6 link must carry (RFC 8200, section 5), to what a veth takes with a tag.
  static func mtu(_ text: String) throws(Problem) -> Int {
    guard let bytes = Int(text), (1280...65_531).contains(bytes) else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.excerpt)' is not a whole number of bytes from 1280 to 65531.",
        remedy: "Write one such as 1500 or 9000.")
    }
    return bytes
  }

  private static func within<T: Comparable>(
    _ text: String, _ value: T, above low: T, upTo high: T, _ example: String
  ) throws(Problem) -> T {
    guard value > low else { throw zero(text, example) }
    guard value <= high else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.excerpt)' is more than \(word(high)).",
        remedy: "Write less, such as \(example).")
    }
    return value
  }

  private static func word(_ value: some Comparable) -> String {
    (value as? Duration)?.text ?? "\(value)"
  }

  private static func zero(_ text: String, _ example: String) -> Problem {
    Problem(
      .invalid, "out-of-bounds", "'\(text.excerpt)' is not above zero.", remedy: "Write more, such as \(example).")
  }
}
