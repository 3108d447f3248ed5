import Infrastructure
import Quantities

extension Refusal {
  /// Why a network's sites cannot be joined.
  static func route(_ failure: RoutingFailure, _ index: IndexedRequest) -> Problem {
    let sites = index.view.substrate.sites
    let network = index.request.networks[failure.network]
    let what = "\(network.kind.rawValue) \(network.name)"
    switch failure.reason {
    case .notJoined(_, let a, let b):
      return Problem(
        .refused, "sites-not-joined",
        "\(what) needs sites \(sites[a].name) and \(sites[b].name), which no core links join",
        remedy: "Pin the nodes of \(network.name) to sites that are joined, or add a core link.")
    case .linkFull(_, let link, let free):
      return linkFull(what, network, link, free: Bitrate(bitsPerSecond: free), index)
    case .tooFar(_, let a, let b, let best):
      let bound = network.maximumLatency ?? .zero
      return Problem(
        .refused, "too-far",
        "\(what) may have \(milliseconds(bound)) of latency at most but its best tree has \(milliseconds(best)) "
          + "between sites \(sites[a].name) and \(sites[b].name)",
        remedy: "Allow a longer latency, or pin the nodes of \(network.name) nearer to each other.")
    }
  }

  private static func linkFull(
    _ what: String, _ network: Network, _ number: Int, free: Bitrate, _ index: IndexedRequest
  ) -> Problem {
    let link = index.view.substrate.links[number]
    let others = free == index.view.freeRate(ofLink: number) ? "" : " after the infrastructure's other networks"
    return Problem(
      .refused, "core-link-full",
      "core link \(link.ends.first) - \(link.ends.second) has \(free) free of \(text(link.rate))\(others) "
        + "but \(what) needs \(text(network.rate.minimum))",
      remedy: "Ask for a lower minimum rate, or pin the nodes of \(network.name) to one site.")
  }

  /// A latency as people write it, such as `12 ms` or `0.25 ms`.
  static func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let micros = attoseconds / 1_000_000_000_000
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return "\(seconds) s" }
    var fraction = String(1000 + micros % 1000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(whole + micros / 1000)\(fraction.isEmpty ? "" : ".\(fraction)") ms"
  }
}
