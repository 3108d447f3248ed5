import Infrastructure
import Quantities

/// What a node gets that does not say otherwise.
struct NodeDefaults {
  var image = Image.host
  var cpu: Cores?
  var memory: ByteCount?
  var site: Name?

  init() {}

  init(_ node: YAMLNode) throws(Problem) {
    let fields = try Fields(node, of: "defaults", known: Keys.defaults)
    if let image = fields["image"] { self.image = try Self.image(image) }
    cpu = try fields["cpu"].map { node throws(Problem) in try Self.cpu(node, of: "defaults") }
    memory = try fields["memory"].map { node throws(Problem) in try Self.memory(node, of: "defaults") }
    site = try fields["site"].map { node throws(Problem) in try node.name(of: "site of defaults") }
  }

  /// The built-in defaults: a machine has one core and 128 MiB, a router half of both.
  func cpu(for kind: Node.Kind) -> Cores { cpu ?? Cores(thousandths: kind == .machine ? 1000 : 500) }

  func memory(for kind: Node.Kind) -> ByteCount {
    memory ?? ByteCount(bytes: kind == .machine ? 128 << 20 : 64 << 20)
  }

  static func cpu(_ node: YAMLNode, of what: String) throws(Problem) -> Cores {
    let cpu = try node.value(of: "cpu of \(what)", Cores.init(parsing:))
    guard cpu > .zero else {
      throw node.problem("zero-cpu", "cpu of \(what) is 0.", remedy: "Write a number of cores above 0, such as 0.5.")
    }
    return cpu
  }

  static func memory(_ node: YAMLNode, of what: String) throws(Problem) -> ByteCount {
    let memory = try node.value(of: "memory of \(what)", ByteCount.init(parsing:))
    guard memory.bytes >= 4 << 20 else {
      throw node.problem(
        "memory-too-small", "memory of \(what) is \(memory).", remedy: "A machine needs 4MiB at least.")
    }
    return memory
  }

  static func image(_ node: YAMLNode) throws(Problem) -> Image {
    let text = try node.text(of: "image")
    if text == "host" { return .host }
    guard text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
      throw node.problem(
        "bad-image", "'\(text.excerpt)' is no image.",
        remedy: "Write 'host', or the absolute path of a directory or a tar archive.")
    }
    let suffixes = [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst"]
    return suffixes.contains(where: text.hasSuffix) ? .archive(text) : .directory(text)
  }
}

/// Reads the nodes of a file.
struct NodeReader {
  let defaults: NodeDefaults
  /// In the order of the file; routes are checked once networks are known.
  private(set) var nodes: [Node] = []
  private(set) var routePlaces: [Name: YAMLNode] = [:]

  init(defaults: NodeDefaults) { self.defaults = defaults }

  mutating func read(_ section: YAMLNode) throws(Problem) {
    var seen: Set<Name> = []
    for (key, value) in try section.entries(of: "nodes") {
      let names = try NameRange.expand(key, of: "nodes")
      guard nodes.count + names.count <= NameRange.limit else {
        throw key.problem(
          "too-many-nodes", "The file has more than \(NameRange.limit) nodes.", remedy: "Split the infrastructure.")
      }
      let pattern = try node(named: names[0], value)
      for name in names {
        guard seen.insert(name).inserted else {
          throw key.problem("duplicate-name", "Node '\(name)' stands twice.", remedy: "Rename one of the two.")
        }
        var node = pattern
        node.name = name
        nodes.append(node)
        routePlaces[name] = value
      }
    }
    guard !nodes.isEmpty else {
      throw section.problem("no-nodes", "'nodes' is empty.", remedy: "Add a node, such as 'a: {kind: machine}'.")
    }
  }

  private func node(named name: Name, _ value: YAMLNode) throws(Problem) -> Node {
    let what = "node \(name)"
    let fields = try Fields(value, of: what, known: Keys.node)
    let kind =
      try fields["kind"].map { node throws(Problem) in try node.choice(of: "kind of \(what)", Node.Kind.self) }
      ?? .machine
    var node = Node(
      name: name, kind: kind, image: defaults.image, cpu: defaults.cpu(for: kind), memory: defaults.memory(for: kind))
    if let image = fields["image"] { node.image = try NodeDefaults.image(image) }
    if let cpu = fields["cpu"] { node.cpu = try NodeDefaults.cpu(cpu, of: what) }
    if let memory = fields["memory"] { node.memory = try NodeDefaults.memory(memory, of: what) }
    node.site = try fields["site"].map { node throws(Problem) in try node.name(of: "site of \(what)") }
    node.host = try fields["host"].map { node throws(Problem) in try node.name(of: "host of \(what)") }
    // A host implies its site, so a default site must not contradict it.
    if node.site == nil, node.host == nil { node.site = defaults.site }
    for item in try fields["routes"]?.items(of: "routes of \(what)") ?? [] {
      node.routes.append(try route(item, of: what))
    }
    return node
  }

  private func route(_ node: YAMLNode, of what: String) throws(Problem) -> Route {
    let fields = try Fields(node, of: "a route of \(what)", known: Keys.route)
    let gateway = try fields.required("via", of: "a route of \(what)")
      .value(of: "via of a route of \(what)", IPAddress.init(parsing:))
    let to = try fields.required("to", of: "a route of \(what)")
    if to.string == "default" {
      let any: IPAddress = gateway.version == 4 ? .v4(0) : .v6(0)
      return Route(destination: IPPrefix(address: any, length: 0), gateway: gateway)
    }
    let destination = try to.value(of: "to of a route of \(what)", IPPrefix.init(parsing:))
    guard destination.address.version == gateway.version, destination.isNetwork else {
      throw to.problem(
        "bad-route", "\(destination) via \(gateway) is no route.",
        remedy: "Use a network without host bits, and a gateway of the same family.")
    }
    return Route(destination: destination, gateway: gateway)
  }

  /// Every route's gateway must be on a link of its node.
  func checkRoutes(_ networks: [Network]) throws(Problem) {
    var own: [Name: [IPPrefix]] = [:]
    for endpoint in networks.flatMap(\.endpoints) { own[endpoint.node, default: []] += endpoint.addresses }
    for node in nodes {
      for route in node.routes where !(own[node.name] ?? []).contains(where: { $0.contains(route.gateway) }) {
        throw (routePlaces[node.name] ?? YAMLNode(content: .mapping([]), place: .init(file: "", line: 1, column: 1)))
          .problem(
            "gateway-unreachable", "Node \(node.name) reaches no gateway \(route.gateway) on any of its networks.",
            remedy: "Use an address in one of its networks' prefixes.")
      }
    }
  }
}
