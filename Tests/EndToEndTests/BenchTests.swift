import Foundation
import Glibc
import Testing

extension EndToEnd {
  private struct FigureRow: Decodable {
    var network: String
    var measurement: String
    var figure: String
    var value: Double
  }

  private static let template = """
    name: bench
    defaults: {cpu: 0.05, memory: 64MiB}
    nodes:
      a: {kind: machine, site: east}
      b: {kind: machine, site: west}
      gw: {kind: router, site: east}
      far: {kind: machine, site: west}
    wires:
      - {name: line, ends: [a, b], addresses: 10.4.0.0/30, rate: 20Mbit/s}
      - {name: near, ends: [a, gw], addresses: 10.4.1.0/30}
      - {name: away, ends: [gw, far], addresses: 10.4.2.0/30}

    """

  /// Measures without any program inside the machines; figures agree with what the file promises.
  @Test func measurementsOfANetwork() throws {
    try TestInstallation.with(substrate: Files.twoSites(link: "rate: 1Gbit/s")) { cloud in
      try cloud.up(Self.template)
      func bench(_ words: String...) throws -> [FigureRow] {
        let run = try cloud.run(["bench", "network", "bench", "--seconds", "1", "-q", "-f", "json"] + words)
        #expect(run.status == 0, "\(run.error)")
        return try JSONDecoder().decode([FigureRow].self, from: Data(run.output.utf8))
      }
      let picture = cloud.folder + "/bench.svg"
      let rows = try bench("--only", "round-trip,order,rates", "-o", picture)
      #expect(Set(rows.map(\.network)) == ["line", "near", "away"])
      func value(_ figure: String, _ network: String = "line") -> Double? {
        rows.first { $0.network == network && $0.figure == figure }?.value
      }
      for network in ["line", "near", "away"] {
        #expect(value("sent", network) == 1000 && value("lost in a row", network) == 0, "\(network)")
        #expect(value("out of order", network) == 0 && value("p50", network) ?? 0 > 1, "\(network)")
      }
      let rate = try #require(value("received of 0.9 offered"))
      #expect(abs(rate / 18 - 1) < 0.02 && value("lost of 0.9 offered") == 0, "\(rate)")
      for name in ["round-trip", "rates"] {
        #expect(access(cloud.folder + "/bench-\(name).svg", R_OK) == 0, "\(name)")
      }
      // Over the router, where the two are in no common network.
      let routed = try bench("--only", "throughput", "--from", "a", "--to", "far")
      #expect(routed.map(\.network) == ["routed"] && routed.first?.value ?? 0 > 1)
      // A limit holds for TCP, too; what its queue held at the beginning counts in so short a time.
      let limited = try bench("--only", "throughput", "--network", "line")
      #expect(limited.first?.value ?? 0 > 10 && limited.first?.value ?? 100 < 22, "\(limited)")
    }
  }

  @Test(arguments: [
    (["nobody"], "no-such-infrastructure"), (["bench", "--network", "lime"], "no-such-network"),
    (["bench", "--from", "c"], "no-such-node"), (["bench", "--only", "speed"], "bad-value"),
    (["bench", "--from", "a", "--to", "a"], "same-node"), (["bench", "--seconds", "0"], "duration-out-of-range"),
    (["bench", "--network", "line", "--from", "gw"], "nothing-to-measure"),
    (["bench", "-o", "x.gif"], "unknown-picture"),
  ])
  func measurementsThatCannotBeMade(words: [String], code: String) throws {
    try TestInstallation.with(substrate: Files.twoSites(link: "rate: 1Gbit/s")) { cloud in
      try cloud.up(Self.template)
      let run = try cloud.run(["bench", "network"] + words)
      #expect(run.status != 0 && run.error.contains("(\(code))") && run.output == "", "\(run.error)")
    }
  }
}
