import Embedding
import Infrastructure
import Optimum
import Quantities

/// The search against the optimum on small cases: random substrates of 15 to 20 sites, partly in use.
///
/// Substrates: a random tree and as many links again at random (average degree about 4), 50 to 100 cores a site and
/// 50 to 100 Mbit/s a link, of which up to 60 % are in use. Requests: 2 to 5 machines of up to 20 cores on different
/// hosts, wires of up to 50 Mbit/s with probability one half (and as many as it takes to join them).
enum GapBench {
  static func run(cases: Int, batches: Int) throws {
    try measureCost(cases: cases)
    try measureAcceptance(batches: batches)
  }

  private static func measureCost(cases: Int) throws {
    var random = Generator(state: 7)
    var gaps: [Double] = []
    var counts = (both: 0, onlyExact: 0, none: 0, unproven: 0)
    var times: (search: [Double], exact: [Double]) = ([], [])
    for _ in 0..<cases {
      let view = try substrate(&random, use: 0.6)
      let request = try request(0, &random)
      let clock = ContinuousClock()
      var search: Embedding?
      times.search.append(
        clock.measure { search = try? SearchEmbedder().embed(request, on: view, keeping: nil) }.milliseconds)
      var exact: ExactSolution?
      var code = ""
      times.exact.append(
        clock.measure {
          do throws(Problem) { exact = try ExactEmbedder(timeLimit: .seconds(20)).solve(request, on: view) } catch {
            code = error.code
          }
        }.milliseconds)
      if let exact, !exact.isOptimal { counts.unproven += 1 }
      if code == "time-out" { counts.unproven += 1 }
      switch (search, exact) {
      case (let search?, let exact?):
        counts.both += 1
        for embedding in [search, exact.embedding] {
          let faults = EmbeddingCheck.violations(of: embedding, for: request, on: view)
          precondition(faults.isEmpty, "\(faults)")
        }
        let cost = ExactSolution.cost(of: search, for: request)
        gaps.append(exact.cost > 0 ? cost / exact.cost - 1 : 0)
      case (nil, _?): counts.onlyExact += 1
      default: counts.none += 1
      }
    }
    gaps.sort()
    try printLine([
      ("what", "cost"), ("cases", cases), ("both", counts.both), ("only_exact", counts.onlyExact),
      ("none", counts.none),
      ("unproven", counts.unproven), ("mean_gap", gaps.reduce(0, +) / Double(max(1, gaps.count))),
      ("p90_gap", gaps.isEmpty ? 0 : gaps[gaps.count * 9 / 10]), ("max_gap", gaps.last ?? 0),
      ("optimal", gaps.filter { $0 < 1e-9 }.count), ("search_ms_median", times.search.sorted()[cases / 2]),
      ("exact_ms_median", times.exact.sorted()[cases / 2]), ("exact_ms_max", times.exact.max() ?? 0),
    ])
  }

  /// Batches of twelve requests one after another, each embedder on a substrate of its own.
  private static func measureAcceptance(batches: Int) throws {
    var random = Generator(state: 11)
    var accepted = (search: 0, exact: 0, unproven: 0)
    for _ in 0..<batches {
      let view = try substrate(&random, use: 0)
      var (ours, theirs) = (view, view)
      for number in 0..<12 {
        let request = try request(number, &random)
        if let embedding = try? SearchEmbedder().embed(request, on: ours, keeping: nil) {
          ours.occupy(embedding, of: request)
          accepted.search += 1
        }
        do throws(Problem) {
          let solution = try ExactEmbedder(timeLimit: .seconds(20)).solve(request, on: theirs)
          theirs.occupy(solution.embedding, of: request)
          accepted.exact += 1
        } catch { if error.code == "time-out" { accepted.unproven += 1 } }
      }
    }
    try printLine([
      ("what", "acceptance"), ("batches", batches), ("requests", batches * 12), ("search", accepted.search),
      ("exact", accepted.exact), ("ratio", Double(accepted.search) / Double(max(1, accepted.exact))),
      ("unproven", accepted.unproven),
    ])
  }

  private static func substrate(_ random: inout Generator, use: Double) throws -> SubstrateView {
    let count = Int.random(in: 15...20, using: &random)
    let vlans = VLANSet((1...4094).compactMap(VLANID.init))
    let sites = try (0..<count).map { Site(name: try Name(parsing: "s\($0)"), vlans: vlans) }
    let hosts = try (0..<count).map {
      Host(
        name: try Name(parsing: "h\($0)"), site: sites[$0].name, kind: .emulated,
        cpu: Cores(thousandths: 1000 * .random(in: 50...100, using: &random)), memory: ByteCount(bytes: 1 << 40))
    }
    var pairs = Set((1..<count).map { [Int.random(in: 0..<$0, using: &random), $0] })
    for _ in 0..<count {
      let pair = [Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random)].sorted()
      if pair[0] != pair[1] { pairs.insert(pair) }
    }
    let links = pairs.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.map { pair in
      CoreLink(
        ends: Pair(sites[pair[0]].name, sites[pair[1]].name),
        rate: Bitrate(bitsPerSecond: 1_000_000 * .random(in: 50...100, using: &random)))
    }
    let view = SubstrateView(Substrate(name: try Name(parsing: "small"), sites: sites, hosts: hosts, links: links))
    guard use > 0 else { return view }
    let numbers = view.directory.numbers
    var used = view.used
    for host in hosts.indices {
      let number = numbers[.cpu(host: host)]
      used[number] = UInt64(Double(view.capacity[number]) * .random(in: 0..<use, using: &random))
    }
    for link in links.indices {
      let part = Double.random(in: 0..<use, using: &random)
      for direction in Resource.Direction.allCases {
        let number = numbers[.link(link, direction)]
        used[number] = UInt64(Double(view.capacity[number]) * part)
      }
    }
    return view.holding(used)
  }

  private static func request(_ number: Int, _ random: inout Generator) throws -> VirtualInfrastructure {
    let count = Int.random(in: 2...5, using: &random)
    let nodes = try (0..<count).map {
      Node(
        name: try Name(parsing: "n\($0)"), cpu: Cores(thousandths: 1000 * .random(in: 0...20, using: &random)),
        memory: .zero)
    }
    var wires: [Network] = []
    for a in 0..<count {
      for b in (a + 1)..<max(a + 1, count) where b == a + 1 || Bool.random(using: &random) {
        let rate = Bitrate(bitsPerSecond: 1_000_000 * .random(in: 1...50, using: &random))
        wires.append(
          Network(
            name: try Name(parsing: "w\(a)-\(b)"), kind: .wire,
            endpoints: [a, b].map { Endpoint(node: nodes[$0].name, interface: "eth\(wires.count)") },
            rate: RateRange(fixed: rate)))
      }
    }
    return VirtualInfrastructure(
      name: try Name(parsing: "r\(number)"), nodes: nodes, networks: wires,
      rules: count > 1 ? [PlacementRule(.apart, nodes: nodes.map(\.name))] : [])
  }
}
