import Infrastructure
import Quantities

/// Short words for labels.
enum DiagramText {
  /// Milliseconds with two digits after the point, else microseconds; nothing where there is none.
  static func latency(_ latency: Duration) -> String? {
    let parts = latency.components
    let microseconds = Double(parts.seconds) * 1e6 + Double(parts.attoseconds) / 1e12
    guard microseconds >= 0.0005 else { return nil }
    if microseconds < 100 { return "\(rounded(microseconds)) µs" }
    return microseconds < 1e6 ? "\(rounded(microseconds / 1000)) ms" : "\(rounded(microseconds / 1e6)) s"
  }

  /// At most two digits after the point.
  private static func rounded(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    let (whole, rest) = (hundredths / 100, hundredths % 100)
    if rest == 0 { return "\(whole)" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// `10Gbit/s, 0.51 ms`.
  static func link(_ link: CoreLink) -> String {
    [link.rate?.description, latency(link.latency)].compactMap(\.self).joined(separator: "\n")
  }

  /// `32 cores, 128GiB`.
  static func host(_ host: Host) -> String {
    "\(host.cpu) \(host.cpu.thousandths == 1000 ? "core" : "cores"), \(host.memory)"
  }

  /// `100Mbit/s`, `100Mbit/s to 500Mbit/s`, `up to 500Mbit/s`; nil where nothing is asked for.
  static func rate(_ range: RateRange) -> String? {
    switch (range.minimum, range.maximum) {
    case (nil, nil): nil
    case (let minimum?, nil): "at least \(minimum)"
    case (nil, let maximum?): "up to \(maximum)"
    case (let minimum?, let maximum?): minimum == maximum ? "\(minimum)" : "\(minimum) to \(maximum)"
    }
  }

  /// Name, rates and bound of latency, a line each.
  static func network(_ network: Network) -> String {
    var lines = [network.name.description]
    if let reverse = network.reverseRate, reverse != network.rate {
      lines.append("there: \(rate(network.rate) ?? "any rate")")
      lines.append("back: \(rate(reverse) ?? "any rate")")
    } else if let rate = rate(network.rate) {
      lines.append(rate)
    }
    if let bound = network.maximumLatency, let text = latency(bound) { lines.append("≤ \(text)") }
    lines += network.prefixes.map(\.description)
    return lines.joined(separator: "\n")
  }
}
