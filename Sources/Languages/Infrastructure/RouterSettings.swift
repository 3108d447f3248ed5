import Infrastructure
import Quantities

/// `routing`, `nftables` and `qdiscs` of a router.
struct RouterSettings {
  /// Nil where nothing is asked for.
  private(set) var software: RouterSoftware?
  /// Where each interface's queueing discipline stands.
  private(set) var marks: [String: Mark] = [:]

  private enum Program: String, CaseIterable {
    case bird, frr
    case `static`
  }

  private static let keys = ["routing", "nftables", "nftables-file", "qdiscs"]

  /// Throws `not-a-router` where a machine has one of the keys, and what is wrong with their values.
  init(_ fields: Fields, _ kind: Node.Kind, _ texts: UserText) throws(Problem) {
    for key in Self.keys where kind != .router {
      guard let node = fields.node(key) else { continue }
      throw node.mark.problem(
        "not-a-router", "\(fields.subject) has '\(key)', but is no router.",
        remedy: "Write 'kind: router', or remove '\(key)'.")
    }
    var software = RouterSoftware()
    if let routing = try fields.fields("routing", .routing) { software.routing = try Self.routing(routing, texts) }
    software.nftables = try texts.text("nftables", in: fields)
    let subject = fields.subject(of: "qdiscs")
    for entry in try fields.node("qdiscs")?.entries(of: subject, example: "{eth0: [pfifo, limit, 100]}") ?? [] {
      let interface = try entry.mark.locating(subject) { () throws(Problem) in try InterfaceNaming.parse(entry.key) }
      software.qdiscs[interface] = try Self.words(entry.value, of: "\(subject), \(interface)")
      marks[interface] = entry.mark
    }
    self.software = software == RouterSoftware() ? nil : software
  }

  private static func routing(_ fields: Fields, _ texts: UserText) throws(Problem) -> RouterSoftware.Routing {
    let program = try fields.choice("software", Program.self) ?? .static
    let configuration = try texts.text("config", in: fields)
    if program != .frr, let node = fields.node("daemons") { throw unused("daemons", node, program, fields) }
    if program == .static {
      guard let node = fields.node("config") ?? fields.node("config-file") else { return .static }
      throw unused("config", node, program, fields)
    }
    guard let configuration else {
      throw fields.mark.problem(
        "no-configuration", "\(fields.subject) has neither 'config' nor 'config-file'.",
        remedy: "Add 'config-file:' and a path, or 'config: |' and the text.")
    }
    return program == .bird
      ? .bird(configuration: configuration) : .frr(configuration: configuration, daemons: try daemons(fields))
  }

  private static func unused(_ key: String, _ node: LocatedNode, _ program: Program, _ fields: Fields) -> Problem {
    node.mark.problem(
      "unused-key", "\(fields.subject): software '\(program.rawValue)' has no '\(key)'.",
      remedy: "Remove it, or write \(key == "daemons" ? "'software: frr'" : "'software: bird' or 'software: frr'").")
  }

  /// `daemons` without those that always run. Throws `no-daemons` or `unknown-word`.
  private static func daemons(_ fields: Fields) throws(Problem) -> [FRRDaemon] {
    let subject = fields.subject(of: "daemons")
    let nodes = try fields.node("daemons")?.oneOrMany(of: subject, example: "[ospfd, bfdd]") ?? []
    guard !nodes.isEmpty else {
      throw (fields.node("daemons")?.mark ?? fields.mark).problem(
        "no-daemons", "\(fields.subject) does not say which daemons to run.",
        remedy: "Add them, such as 'daemons: [ospfd]'.")
    }
    let always = ["zebra", "staticd"]
    var daemons: Set<FRRDaemon> = []
    for node in nodes {
      let daemon = try node.value(of: subject) { (text) throws(Problem) -> FRRDaemon? in
        if always.contains(text) { return nil }
        guard let daemon = FRRDaemon(rawValue: text) else {
          throw Problem(
            .invalid, "unknown-word", "'\(text.excerpt)' is no daemon of FRRouting.",
            remedy: Remedy.nearest(text, among: FRRDaemon.allCases.map(\.rawValue) + always))
        }
        return daemon
      }
      if let daemon { daemons.insert(daemon) }
    }
    return daemons.sorted()
  }

  /// Kind and arguments of a queueing discipline. Throws `bad-qdisc`.
  private static func words(_ node: LocatedNode, of subject: String) throws(Problem) -> [String] {
    var words: [String] = []
    for element in try node.oneOrMany(of: subject, example: "[pfifo, limit, 100]") {
      words.append(
        try element.value(of: subject) { (text) throws(Problem) in
          if words.isEmpty { try checkKind(text) } else { try checkWord(text) }
          return text
        })
    }
    guard (1...32).contains(words.count) else {
      throw node.mark.problem(
        "bad-qdisc", "\(subject) has \(words.count) words, not 1 to 32.", remedy: "Write [pfifo, limit, 100].")
    }
    return words
  }

  private static func checkKind(_ text: String) throws(Problem) {
    let others = ["dev", "root", "parent", "handle", "estimator", "stab", "help", "ingress", "clsact"]
    let isWord = text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    guard (1...15).contains(text.utf8.count), isWord, !others.contains(text) else {
      throw Problem(
        .invalid, "bad-qdisc", "'\(text.excerpt)' is no kind of queueing discipline.",
        remedy: "Begin with one such as pfifo or tbf; then come its arguments, each an element.")
    }
  }

  private static func checkWord(_ text: String) throws(Problem) {
    let marks = Array("_.:/%+-".utf8)
    let isWord = text.utf8.allSatisfy {
      (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || marks.contains($0)
    }
    guard (1...64).contains(text.utf8.count), isWord, !text.hasPrefix("-") else {
      throw Problem(
        .invalid, "bad-qdisc", "'\(text.excerpt)' is no argument of a queueing discipline.",
        remedy: "Write each word as an element: [tbf, rate, 10mbit, burst, 32kb, latency, 50ms].")
    }
  }
}

/// Holds queueing disciplines against the interfaces that their routers have.
enum QueueSection {
  /// Throws `no-such-interface`.
  static func check(_ nodes: NodeSection, _ drafts: [NetworkDraft]) throws(Problem) {
    var interfaces: [Int: [String]] = [:]
    for draft in drafts {
      for endpoint in draft.endpoints where !nodes.drafts[endpoint.node].settings.router.marks.isEmpty {
        interfaces[endpoint.node, default: []].append(endpoint.interface ?? "")
      }
    }
    for (index, node) in nodes.drafts.enumerated() {
      let there = interfaces[index] ?? []
      for (interface, mark) in node.settings.router.marks.sorted(by: { $0.key < $1.key }) {
        guard !there.contains(interface) else { continue }
        throw mark.problem(
          "no-such-interface", "\(node.subject) has a queueing discipline for '\(interface)', which it has not.",
          remedy: there.isEmpty
            ? "Put the router into a segment or a wire." : Remedy.nearest(interface, among: there.sorted()))
      }
    }
  }
}
