import Quantities

extension Quota {
  /// What stands in the way of reserving `asked` where `used` is reserved already; nil where nothing does.
  ///
  /// `replaced` is the part of `used` that the asked-for takes the place of, when an infrastructure changes. Who
  /// is above a limit that was lowered under them may still keep or shrink what they have. `holder` is whose quota
  /// it is, as the message names it: `user anna`, `project wave`. The problem is `quota-exceeded` (refused), for
  /// the first field that falls short.
  public func shortage(
    of asked: Usage, used: Usage = Usage(), replacing replaced: Usage = Usage(), holder: String
  ) -> Problem? {
    let fields: [Field?] = [
      Field("infrastructures", infrastructures, asked, used, replaced, \.infrastructures),
      Field("nodes", nodes, asked, used, replaced, \.nodes),
      Field("cpu", cpu?.thousandths, asked, used, replaced, \.cpu.thousandths) { "\(Cores(thousandths: $0))" },
      Field("memory", memory?.bytes, asked, used, replaced, \.memory.bytes) { "\(ByteCount(bytes: $0))" },
      Field("storage", storage?.bytes, asked, used, replaced, \.storage.bytes) { "\(ByteCount(bytes: $0))" },
      Field("networks", networks, asked, used, replaced, \.networks),
      Field("vlans", vlans, asked, used, replaced, \.vlans),
      Field("coreRate", coreRate?.bitsPerSecond, asked, used, replaced, \.coreRate.bitsPerSecond) {
        "\(Bitrate(bitsPerSecond: $0))"
      },
      Field("offers", offers, asked, used, replaced, \.offers),
    ]
    if let short = fields.lazy.compactMap({ $0 }).first(where: \.isShort) { return short.problem(holder) }
    return Self.tooLong("longestLease", longestLease, asked.longestLease, replaced.longestLease, holder)
      ?? Self.tooLong("startsAhead", startsAhead, asked.startsAhead, replaced.startsAhead, holder)
  }

  /// Durations are not used up: each request has the whole limit.
  private static func tooLong(
    _ name: String, _ limit: Duration?, _ asked: Duration, _ replaced: Duration, _ holder: String
  ) -> Problem? {
    guard let limit, asked > limit, asked > replaced else { return nil }
    return Problem(
      .refused, "quota-exceeded",
      "The quota '\(name)' of \(holder) is \(limit.text), and \(asked.text) is asked for.",
      remedy: "Ask for \(limit.text) at most, or an administrator for a larger quota.")
  }

  /// One amount against its limit, as numbers and as the text of its unit.
  private struct Field {
    let name: String
    let limit, asked, used: UInt64
    let isShort: Bool
    let text: (UInt64) -> String

    /// Nil where there is no limit.
    init?<Number: FixedWidthInteger>(
      _ name: String, _ limit: Number?, _ asked: Usage, _ used: Usage, _ replaced: Usage,
      _ field: KeyPath<Usage, Number>, text: @escaping (UInt64) -> String = { "\($0)" }
    ) {
      guard let limit else { return nil }
      let (before, wanted) = (UInt64(clamping: replaced[keyPath: field]), UInt64(clamping: asked[keyPath: field]))
      let all = UInt64(clamping: used[keyPath: field])
      self.name = name
      self.limit = UInt64(clamping: limit)
      self.asked = wanted
      self.used = all > before ? all - before : 0
      self.text = text
      let left = self.limit > self.used ? self.limit - self.used : 0
      isShort = wanted > left && wanted > before
    }

    func problem(_ holder: String) -> Problem {
      let left = limit > used ? limit - used : 0
      return Problem(
        .refused, "quota-exceeded",
        "The quota '\(name)' of \(holder) is \(text(limit)): \(text(used)) used, \(text(asked)) asked for,"
          + " \(text(left)) left.",
        remedy: "Ask for less, end something else first, or ask an administrator for a larger quota.")
    }
  }
}
