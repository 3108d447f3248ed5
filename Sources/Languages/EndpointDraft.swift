import Infrastructure
import Quantities

/// A member of a network while the file is read.
struct EndpointDraft {
  var node: Name
  /// Nil is the next free `ethN`.
  var interface: String?
  /// Without prefix lengths.
  var addresses: [IPAddress] = []
  var place: YAMLNode
}

/// A network while the file is read.
struct NetworkDraft {
  enum Gateway {
    /// The only router among the members.
    case onlyRouter
    case none
    case node(Name)
  }

  var name: Name
  var kind: Network.Kind
  var terms: NetworkTerms
  var gateway: Gateway
  var members: [EndpointDraft]
  var place: YAMLNode

  /// For messages: `segment lan`.
  var title: String { "\(kind.rawValue) \(name)" }
}

extension EndpointDraft {
  /// Reads `NODE`, `NODE:IF`, a range, a group's name, or a mapping; several where it names several nodes.
  static func read(_ node: YAMLNode, of what: String, _ names: NodeNames) throws(Problem) -> [EndpointDraft] {
    if case .mapping = node.content { return [try readMapping(node, of: what, names)] }
    let text = try node.text(of: "a member of \(what)")
    if let group = names.groups[text] {
      return group.map { EndpointDraft(node: $0, place: node) }
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      return try names.resolve(node, of: what).map { EndpointDraft(node: $0, place: node) }
    }
    var plain = node
    plain.content = .scalar(String(parts[0]), isPlain: true)
    let nodes = try names.resolve(plain, of: what)
    let interface = try InterfaceName.check(String(parts[1]), node)
    return nodes.map { EndpointDraft(node: $0, interface: interface, place: node) }
  }

  private static func readMapping(_ node: YAMLNode, of what: String, _ names: NodeNames) throws(Problem)
    -> EndpointDraft
  {
    let fields = try Fields(node, of: "a member of \(what)", known: Keys.member)
    let named = try fields.required("node", of: "a member of \(what)")
    let nodes = try names.resolve(named, of: what)
    guard nodes.count == 1, let only = nodes.first else {
      throw named.problem("not-one-node", "A member of \(what) names \(nodes.count) nodes.", remedy: "Name one node.")
    }
    var draft = EndpointDraft(node: only, place: node)
    if let interface = fields["interface"] {
      draft.interface = try InterfaceName.check(try interface.text(of: "interface of \(only)"), interface)
    }
    for item in try fields["address"]?.itemsOrOne(of: "address of \(only)") ?? [] {
      draft.addresses.append(try item.value(of: "address of \(only)", IPAddress.init(parsing:)))
    }
    return draft
  }
}

/// The nodes and groups of a file.
struct NodeNames {
  var nodes: Set<Name>
  var groups: [String: [Name]] = [:]

  /// The nodes that a name or range stands for; throws `no-such-node` with the nearest one.
  func resolve(_ node: YAMLNode, of what: String) throws(Problem) -> [Name] {
    let names = try NameRange.expand(node, of: "a member of \(what)")
    for name in names where !nodes.contains(name) {
      let known = nodes.map(\.description).sorted() + groups.keys.sorted()
      let near = Nearest.name(to: name.description, among: known)
      throw node.problem(
        "no-such-node", "\(what) names the node '\(name)', which isn't there.",
        remedy: near.map { "Did you mean '\($0)'?" } ?? "The nodes are: \(known.prefix(12).joined(separator: ", ")).")
    }
    return names
  }
}

/// Names of interfaces inside nodes.
enum InterfaceName {
  /// Returns a name that the kernel takes (`IFNAMSIZ`), else throws.
  static func check(_ text: String, _ node: YAMLNode) throws(Problem) -> String {
    let fits = (1...15).contains(text.utf8.count) && text != "lo" && text != "." && text != ".."
    let plain = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
    guard fits, plain else {
      throw node.problem(
        "bad-interface", "'\(text.excerpt)' cannot be the name of an interface.",
        remedy: "Use 1 to 15 plain characters without '/' and ':', such as eth1.")
    }
    return text
  }
}
