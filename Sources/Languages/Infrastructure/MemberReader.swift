import Quantities

/// Reads the members of a segment and the ends of a wire.
struct MemberReader {
  private let subject: String
  private let mark: Mark
  private let directory: MemberDirectory

  init(_ fields: Fields, _ directory: MemberDirectory, subject: String? = nil) {
    self.subject = subject ?? fields.subject
    mark = fields.mark
    self.directory = directory
  }

  /// At least one; a node twice only where each time an interface is written.
  func members(_ list: LocatedNode?) throws(Problem) -> [NetworkDraft.Endpoint] {
    var members: [NetworkDraft.Endpoint] = []
    let elements =
      try list.map { (list) throws(Problem) in
        list.isNull ? [] : try list.oneOrMany(of: "\(subject), members", example: "[worker1, \"worker[2-4]\"]")
      } ?? []
    for element in elements {
      members += try endpoints(element)
      guard members.count <= 2 * NamePattern.maximumNames else {
        throw element.mark.problem(
          "too-many", "\(subject) has more than \(2 * NamePattern.maximumNames) members.", remedy: "Ask for fewer.")
      }
    }
    guard !members.isEmpty else {
      throw (list?.mark ?? mark).problem("no-members", "\(subject) has no members.", remedy: "Add nodes to it.")
    }
    try checkTwice(members)
    return members
  }

  /// Exactly two, each a single node.
  func ends(_ list: LocatedNode?) throws(Problem) -> [NetworkDraft.Endpoint] {
    let elements = try list?.elements(of: "\(subject), ends", example: "[gw, far]") ?? []
    guard elements.count == 2 else {
      throw (list?.mark ?? mark).problem(
        "bad-ends", "\(subject) has \(elements.count) end\(elements.count == 1 ? "" : "s"), but a wire has 2.",
        remedy: "Write two nodes: [gw, far].")
    }
    var ends: [NetworkDraft.Endpoint] = []
    for element in elements {
      let found = try endpoints(element)
      guard found.count == 1 else {
        throw element.mark.problem(
          "bad-ends", "\(subject) has \(found.count) nodes at one end, but a wire joins one to one.",
          remedy: "Write one node at each end, or make it a segment.")
      }
      ends += found
    }
    if ends[0].node == ends[1].node, ends[0].interface == nil || ends[0].interface == ends[1].interface {
      throw ends[1].mark.problem(
        "wire-loop", "\(subject) has '\(directory.node(ends[0].node).name)' at both ends.",
        remedy: "Join two nodes, or write two interfaces of this one, such as a:eth1 and a:eth2.")
    }
    return ends
  }

  private func endpoints(_ element: LocatedNode) throws(Problem) -> [NetworkDraft.Endpoint] {
    if case .mapping = element.content {
      let fields = try Fields(element, .member, of: "A member of \(subject.inSentence)")
      let nodes = try directory.resolve(
        fields.required("node") { (text) throws(Problem) in text }, of: subject, element.mark)
      let interface = try fields.value("interface", InterfaceNaming.parse)
      let wishes = try addresses(fields)
      guard wishes.isEmpty || nodes.count == 1 else {
        throw element.mark.problem(
          "address-clash", "\(subject) gives the address \(wishes[0]) to \(nodes.count) nodes.",
          remedy: "Write one member for each node that has an address of its own.")
      }
      return nodes.map { NetworkDraft.Endpoint(node: $0, interface: interface, wishes: wishes, mark: element.mark) }
    }
    let text = try element.text(of: "A member of \(subject.inSentence)")
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let interface =
      parts.count < 2
      ? nil
      : try element.mark.locating(subject) { () throws(Problem) in
        try InterfaceNaming.parse(parts[1])
      }
    return try directory.resolve(parts[0], of: subject, element.mark).map {
      NetworkDraft.Endpoint(node: $0, interface: interface, wishes: [], mark: element.mark)
    }
  }

  private func addresses(_ fields: Fields) throws(Problem) -> [IPAddress] {
    var addresses: [IPAddress] = []
    let subject = fields.subject(of: "address")
    for node in try fields.node("address")?.oneOrMany(of: subject, example: "[10.1.0.7, \"fd00:1::7\"]") ?? [] {
      let address = try node.value(of: subject, IPAddress.init(parsing:))
      guard !addresses.contains(where: { $0.version == address.version }) else {
        throw node.mark.problem(
          "address-clash", "\(subject): \(address) is a second IPv\(address.version) address.",
          remedy: "Write at most one IPv4 and one IPv6 address.")
      }
      addresses.append(address)
    }
    return addresses
  }

  private func checkTwice(_ members: [NetworkDraft.Endpoint]) throws(Problem) {
    var first: [Int: NetworkDraft.Endpoint] = [:]
    for member in members {
      guard let earlier = first.updateValue(member, forKey: member.node) else { continue }
      if earlier.interface != nil, member.interface != nil { continue }
      throw member.mark.problem(
        "duplicate-member", "\(subject) has '\(directory.node(member.node).name)' twice.",
        remedy: "Remove one of the two, or give each an interface, such as a:eth1 and a:eth2.")
    }
  }
}
