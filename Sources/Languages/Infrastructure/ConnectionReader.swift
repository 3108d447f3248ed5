import Infrastructure
import Quantities

/// Reads how a network is connected: `type` and `impair` of wires, `guard` of both.
enum ConnectionReader {
  static func read(_ fields: Fields, into draft: inout NetworkDraft) throws(Problem) {
    draft.portGuard = try portGuard(fields, draft)
    guard draft.kind == .wire else { return }
    draft.type = try fields.choice("type", WireType.self) ?? .auto
    draft.impairment = try impairment(fields)
  }

  private static func impairment(_ fields: Fields) throws(Problem) -> Impairment {
    guard let impair = try fields.fields("impair", .impair) else { return Impairment() }
    let impairment = Impairment(
      delay: try impair.value("delay", Bounds.latency) ?? .zero,
      jitter: try impair.value("jitter", Bounds.latency) ?? .zero, loss: try impair.value("loss", Bounds.loss) ?? 0)
    guard impairment.jitter <= impairment.delay else {
      throw impair.mark.problem(
        "jitter-above-delay",
        "\(impair.subject): a jitter of \(impairment.jitter.text) is above the delay of \(impairment.delay.text).",
        remedy: "Write a delay that is at least the jitter.")
    }
    return impairment
  }

  private static func portGuard(_ fields: Fields, _ draft: NetworkDraft) throws(Problem) -> PortGuard? {
    guard let node = fields.node("guard") else { return nil }
    let subject = fields.subject(of: "guard")
    var result = PortGuard.usual(for: draft.kind, hasPrefixes: !draft.prefixes.isEmpty)
    guard case .mapping = node.content else {
      result.level = try node.value(of: subject) { (text) throws(Problem) in try level(text) }
      return result
    }
    let settings = try Fields(node, .portGuard, of: subject)
    result.level = try settings.choice("level", PortGuard.Level.self) ?? result.level
    result.stations = try settings.value("stations", Bounds.stations) ?? result.stations
    if let storm = try settings.value("storm", Bounds.storm) { result.storm = storm == 0 ? nil : storm }
    if let passes = settings.node("pass") { result.passes = try controls(passes, settings, draft.kind) }
    return result
  }

  private static func level(_ text: String) throws(Problem) -> PortGuard.Level {
    if let level = PortGuard.Level(rawValue: text) { return level }
    throw Problem(
      .invalid, "unknown-word", "'\(text.excerpt)' is not one of its values.",
      remedy: Remedy.nearest(text, among: PortGuard.Level.allCases.map(\.rawValue)))
  }

  private static func controls(
    _ node: LocatedNode, _ settings: Fields, _ kind: Network.Kind
  ) throws(Problem) -> Set<PortGuard.Control> {
    let subject = settings.subject(of: "pass")
    var result: Set<PortGuard.Control> = []
    for element in try node.oneOrMany(of: subject, example: "[lldp, lacp, stp]") {
      let text = try element.text(of: subject)
      guard let control = PortGuard.Control(rawValue: text) else {
        throw element.mark.problem(
          "unknown-word", "\(subject): '\(text.excerpt)' is not one of its values.",
          remedy: Remedy.nearest(text, among: PortGuard.Control.allCases.map(\.rawValue)))
      }
      result.insert(control)
    }
    guard kind == .wire || result.isEmpty else {
      throw node.mark.problem(
        "pass-needs-wire", "\(subject): a segment passes no link-local control frames, as no switch does.",
        remedy: "Join the two nodes by a wire.")
    }
    return result
  }
}

extension Bounds {
  /// A part in percent, in millionths.
  static func loss(_ text: String) throws(Problem) -> UInt32 { try Impairment.loss(parsing: text) }

  /// Stations behind a port.
  static func stations(_ text: String) throws(Problem) -> Int { try whole(text, 1...4096, "64") }

  /// Frames a second; 0 is no limit.
  static func storm(_ text: String) throws(Problem) -> Int { try whole(text, 0...10_000_000, "5000") }

  private static func whole(_ text: String, _ range: ClosedRange<Int>, _ example: String) throws(Problem) -> Int {
    if let number = Int(text), range.contains(number) { return number }
    throw Problem(
      .invalid, "out-of-bounds",
      "'\(text.excerpt)' is not a whole number from \(range.lowerBound) to \(range.upperBound).",
      remedy: "Write one such as \(example).")
  }
}
