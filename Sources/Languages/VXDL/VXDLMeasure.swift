import Quantities

/// What a capacity measures: the units that fit, and how much makes sense.
enum VXDLMeasure: String, CaseIterable {
  /// In thousandths of a core.
  case cores
  /// In bytes, of memory and storage; `MB` is 10^6 and `MiB` 2^20, as in VirtCloud's own files.
  case bytes
  /// In bit/s.
  case rate
  /// In nanoseconds.
  case latency
  /// In hertz.
  case frequency

  /// By name, in the order in which they are suggested; VXDL writes `Mbps`, `MB`, `GHz`, `ms`.
  private var units: [(name: String, factor: Double)] {
    switch self {
    case .cores: []
    case .bytes:
      [
        ("B", 1), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("kB", 1e3), ("KiB", 0x1p10),
        ("MiB", 0x1p20), ("GiB", 0x1p30), ("TiB", 0x1p40),
      ]
    case .rate:
      [
        ("bps", 1), ("Kbps", 1e3), ("Mbps", 1e6), ("Gbps", 1e9), ("Tbps", 1e12), ("kbps", 1e3), ("bit/s", 1),
        ("kbit/s", 1e3), ("Mbit/s", 1e6), ("Gbit/s", 1e9),
      ]
    case .latency: [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("µs", 1e3)]
    case .frequency: [("Hz", 1), ("KHz", 1e3), ("MHz", 1e6), ("GHz", 1e9), ("kHz", 1e3)]
    }
  }

  /// The same bounds as those of VirtCloud's own files.
  private var most: UInt64 {
    switch self {
    case .cores: 1_000_000_000
    case .bytes: 1 << 48
    case .rate: 100_000_000_000_000
    case .latency: 60_000_000_000
    case .frequency: 1_000_000_000_000
    }
  }

  /// How many base units one of `unit` is. Throws `bad-unit`, or `missing-unit` where VXDL's silence would have
  /// to be guessed.
  func factor(of unit: String?) throws(Problem) -> Double {
    if self == .cores {
      guard let unit, !unit.isEmpty else { return 1000 }
      throw Problem(
        .invalid, "bad-unit", "'\(unit.excerpt)' is no unit of cores, which are counted.", remedy: "Remove the unit.")
    }
    guard let unit, !unit.isEmpty else {
      throw Problem(
        .invalid, "missing-unit", "There is no unit, and VXDL has no usual one.",
        remedy: "Add <unit>\(units[2].name)</unit> or another.")
    }
    guard let known = units.first(where: { $0.name.utf8.elementsEqual(unit.utf8) }) else {
      throw Problem(
        .invalid, "bad-unit", "'\(unit.excerpt)' is no unit of it.",
        remedy: "Use one of \(units.prefix(5).map(\.name).joined(separator: ", ")).")
    }
    return known.factor
  }

  /// The number in base units, rounded to the nearest. Throws `out-of-bounds`.
  func amount(_ number: VXDLNumber, _ factor: Double, _ unit: String?) throws(Problem) -> UInt64 {
    let amount = (number.value * factor).rounded()
    guard amount <= Double(most) else {
      let written = [number.description, unit ?? ""].joined(separator: " ").trimmedMarkup
      throw Problem(
        .invalid, "out-of-bounds", "'\(written.excerpt)' is more than \(text(most)).", remedy: "Write less.")
    }
    return UInt64(amount)
  }

  private func text(_ amount: UInt64) -> String {
    switch self {
    case .cores: "\(Cores(thousandths: amount)) cores"
    case .bytes: "\(ByteCount(bytes: amount))"
    case .rate: "\(Bitrate(bitsPerSecond: amount))"
    case .latency: Duration.nanoseconds(Int64(amount)).text
    case .frequency: "\(amount / 1_000_000_000) GHz"
    }
  }
}
