import Foundation
import Infrastructure
import Quantities

/// Reads workloads as JSON lines: the first line a substrate, then one request a line by rising arrival.
///
/// ```
/// {"substrate": "GEANT", "nodes": [94, …], "links": [[0, 1, 69], …]}
/// {"id": 0, "arrival": 50.0, "departure": 135.2, "nodes": [0, 11], "links": [[0, 1, 29]]}
/// ```
/// Node numbers are cores, link numbers Mbit/s in each direction, times seconds. A substrate's node is a site with
/// one host; the nodes of one request go to different hosts.
public enum WorkloadReader {
  private struct SubstrateLine: Decodable {
    var substrate: String?
    var nodes: [Double]
    var links: [[Double]]
  }

  private struct RequestLine: Decodable {
    var id: Int?
    var arrival: Double
    var departure: Double
    var nodes: [Double]
    var links: [[Double]]
  }

  /// Most nodes and links of a request, and lines of a file.
  static let bounds = (nodes: 10_000, links: 10_000, lines: 1_000_000)

  /// Throws `bad-workload`, located at the line, where a line is not as above.
  public static func read(text: [UInt8], file: String) throws(Problem) -> Workload {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    guard let first = lines.first, lines.count <= bounds.lines else {
      throw fault("it has \(lines.isEmpty ? "no line" : "more than \(bounds.lines) lines")", file, 1)
    }
    let substrate = try substrate(decode(SubstrateLine.self, first, file, 1), file)
    var arrivals: [Workload.Arrival] = []
    arrivals.reserveCapacity(lines.count - 1)
    for (index, line) in lines.enumerated().dropFirst() {
      let request = try decode(RequestLine.self, line, file, index + 1)
      let last = arrivals.last?.time ?? 0
      guard request.arrival.isFinite, request.arrival >= last, request.departure > request.arrival else {
        throw fault("its times fall, or it leaves before it comes", file, index + 1)
      }
      arrivals.append(try arrival(request, number: index - 1, file, index + 1))
    }
    return Workload(substrate: substrate, arrivals: arrivals)
  }

  private static func decode<T: Decodable>(
    _: T.Type, _ line: ArraySlice<UInt8>, _ file: String, _ number: Int
  ) throws(Problem) -> T {
    do { return try JSONDecoder().decode(T.self, from: Data(line)) } catch {
      throw fault("it is not the JSON object expected there", file, number)
    }
  }

  private static func fault(_ what: String, _ file: String, _ line: Int) -> Problem {
    Problem(
      .invalid, "bad-workload", "Line \(line) of the workload cannot be used: \(what).",
      remedy: "Write a substrate on the first line and one request a line after it; see docs/embedding.md.",
      location: "\(file):\(line)")
  }

  private static func substrate(_ line: SubstrateLine, _ file: String) throws(Problem) -> Substrate {
    var sites: [Site] = []
    var hosts: [Infrastructure.Host] = []
    guard !line.nodes.isEmpty else { throw fault("the substrate has no nodes", file, 1) }
    let vlans = VLANSet((1...4094).compactMap(VLANID.init))
    for (index, cores) in line.nodes.enumerated() {
      let site = try Name(parsing: "s\(index)")
      sites.append(Site(name: site, vlans: vlans))
      hosts.append(
        Infrastructure.Host(
          name: try Name(parsing: "h\(index)"), site: site, kind: .emulated,
          cpu: Cores(thousandths: try amount(cores, 1000, file, 1)), memory: ByteCount(bytes: 1 << 40)))
    }
    let links = try line.links.map { (link) throws(Problem) in
      let (a, b) = try ends(link, count: sites.count, file, 1)
      return CoreLink(
        ends: Pair(sites[a].name, sites[b].name),
        rate: Bitrate(bitsPerSecond: try amount(link[2], 1_000_000, file, 1)))
    }
    let name = line.substrate.map {
      String($0.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
    return Substrate(name: name.flatMap(Name.init) ?? sites[0].name, sites: sites, hosts: hosts, links: links)
  }

  private static func arrival(
    _ line: RequestLine, number: Int, _ file: String, _ at: Int
  ) throws(Problem) -> Workload.Arrival {
    guard !line.nodes.isEmpty, line.nodes.count <= bounds.nodes, line.links.count <= bounds.links else {
      throw fault("a request has 1 to \(bounds.nodes) nodes and at most \(bounds.links) links", file, at)
    }
    var nodes: [Node] = []
    for (index, cores) in line.nodes.enumerated() {
      nodes.append(
        Node(
          name: try Name(parsing: "n\(index)"), cpu: Cores(thousandths: try amount(cores, 1000, file, at)),
          memory: .zero))
    }
    var networks: [Network] = []
    for (index, link) in line.links.enumerated() {
      let (a, b) = try ends(link, count: nodes.count, file, at)
      let rate = Bitrate(bitsPerSecond: try amount(link[2], 1_000_000, file, at))
      networks.append(
        Network(
          name: try Name(parsing: "w\(index)"), kind: .wire,
          endpoints: [
            Endpoint(node: nodes[a].name, interface: "eth\(index)"),
            Endpoint(node: nodes[b].name, interface: "eth\(index)"),
          ],
          rate: rate == .zero ? RateRange() : RateRange(fixed: rate)))
    }
    let rules = nodes.count > 1 ? [PlacementRule(.apart, nodes: nodes.map(\.name))] : []
    let request = VirtualInfrastructure(
      name: try Name(parsing: "r\(line.id ?? number)"), nodes: nodes, networks: networks, rules: rules)
    return Workload.Arrival(time: line.arrival, lifetime: line.departure - line.arrival, request: request)
  }

  private static func ends(_ link: [Double], count: Int, _ file: String, _ at: Int) throws(Problem) -> (Int, Int) {
    guard link.count == 3, let a = Int(exactly: link[0]), let b = Int(exactly: link[1]), a != b,
      (0..<count).contains(a), (0..<count).contains(b)
    else { throw fault("a link is [node, other node, Mbit/s]", file, at) }
    return (a, b)
  }

  private static func amount(_ value: Double, _ unit: Double, _ file: String, _ at: Int) throws(Problem) -> UInt64 {
    guard value >= 0, value <= 1e8 else { throw fault("an amount is below 0 or above 10^8", file, at) }
    return UInt64((value * unit).rounded())
  }
}
