import Quantities

/// Where somebody wants a wire to end: `NODE`, `NODE:INTERFACE`, or either behind `INFRASTRUCTURE/`.
public struct EndpointReference: Hashable, Sendable, CustomStringConvertible {
  public var infrastructure: String?
  public var node: String
  /// Nil is the next free `ethN`.
  public var interface: String?

  /// Throws `bad-endpoint`.
  public init(parsing text: String) throws(Problem) {
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = (halves.last ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let node = parts.first, !halves.contains(where: \.isEmpty), !parts.contains(where: \.isEmpty) else {
      throw Problem(
        .invalid, "bad-endpoint", "'\(text.prefix(80))' is not an endpoint.",
        remedy: "Write NODE or NODE:INTERFACE, such as worker1:eth1.")
    }
    infrastructure = halves.count == 2 ? String(halves[0]) : nil
    self.node = String(node)
    interface = parts.count == 2 ? String(parts[1]) : nil
  }

  public var description: String {
    (infrastructure.map { "\($0)/" } ?? "") + node + (interface.map { ":\($0)" } ?? "")
  }
}

extension VirtualInfrastructure {
  /// Joins two endpoints by a wire that is added after all others, without addresses.
  ///
  /// - Parameter wire: Its settings; `name` and `endpoints` are set here.
  /// - Parameter name: Nil is `NODE-NODE`, with a number where that is taken.
  /// - Returns: The wire's name.
  /// - Throws: `Problem` where an end is not there, not ours, taken, or the same as the other.
  @discardableResult
  public mutating func connect(
    _ first: EndpointReference, _ second: EndpointReference, name: Name? = nil, as wire: Network
  ) throws(Problem) -> Name {
    var wire = wire
    let near = try freeEndpoint(first, beside: nil)
    let far = try freeEndpoint(second, beside: near)
    wire.endpoints = [near, far]
    if let name { wire.name = name } else { wire.name = try freeName(near.node, far.node) }
    if let taken = networks.first(where: { $0.name == wire.name }) {
      throw Problem(
        .refused, "duplicate-network", "\(self.name) has a \(taken.kind.rawValue) '\(wire.name)' already.",
        remedy: "Give another name with '--name'.")
    }
    networks.append(wire)
    return wire.name
  }

  private func freeEndpoint(_ reference: EndpointReference, beside other: Endpoint?) throws(Problem) -> Endpoint {
    if let owner = reference.infrastructure, owner != name.description {
      throw Problem(
        .notPermitted, "foreign-endpoint", "Endpoint \(reference) belongs to infrastructure \(owner), not to \(name).",
        remedy: "A wire joins two endpoints of one infrastructure.")
    }
    guard let node = nodes.first(where: { $0.name.description == reference.node })?.name else {
      throw Problem(
        .notFound, "no-such-node", "Infrastructure \(name) has no node '\(reference.node)'.",
        remedy: "Its nodes are: \(nodes.prefix(20).map(\.name.description).joined(separator: ", ")).")
    }
    var taken: [String: Name] = [:]
    for network in networks {
      for endpoint in network.endpoints where endpoint.node == node { taken[endpoint.interface] = network.name }
    }
    let reserved = other.flatMap { $0.node == node ? $0.interface : nil }
    guard let interface = reference.interface else {
      let free = (0...taken.count + 1).lazy.map { "eth\($0)" }.first { taken[$0] == nil && $0 != reserved }
      return Endpoint(node: node, interface: free ?? "eth0")
    }
    try Self.check(interface)
    if let network = taken[interface] {
      throw Problem(
        .refused, "endpoint-taken", "Endpoint \(node):\(interface) is connected to \(network) already.",
        remedy: "Disconnect it first, or name another interface.")
    }
    guard interface != reserved else {
      throw Problem(
        .invalid, "wire-loop", "The wire would join \(node):\(interface) to itself.",
        remedy: "Name two different interfaces.")
    }
    return Endpoint(node: node, interface: interface)
  }

  /// What Linux takes as an interface's name (`dev_valid_name`, `net/core/dev.c`), and nothing that needs quotes.
  private static func check(_ interface: String) throws(Problem) {
    let isValid =
      (1...15).contains(interface.utf8.count) && interface != "lo" && interface != "." && interface != ".."
      && interface.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || [45, 46, 95].contains(byte)
      }
    guard !isValid else { return }
    throw Problem(
      .invalid, "bad-interface", "'\(interface.prefix(40))' cannot be an interface's name.",
      remedy: "Use 1 to 15 letters, digits, hyphens, underscores and points, such as eth1.")
  }

  private func freeName(_ first: Name, _ second: Name) throws(Problem) -> Name {
    let taken = Set(networks.map(\.name))
    for number in 1...networks.count + 1 {
      guard let name = Name("\(first)-\(second)\(number == 1 ? "" : "-\(number)")") else { break }
      if !taken.contains(name) { return name }
    }
    throw Problem(
      .invalid, "name-needed", "The wire between \(first) and \(second) needs a name.", remedy: "Give '--name'.")
  }

  /// Takes a wire away, and the interfaces at its ends.
  public mutating func disconnect(_ wire: String) throws(Problem) {
    let index = try position(of: wire, .wire)
    networks.remove(at: index)
  }

  /// Position of a wire or segment by its name; for a wire, also by one of its ends.
  public func position(of network: String, _ kind: Network.Kind) throws(Problem) -> Int {
    let found = networks.indices.filter { index in
      let candidate = networks[index]
      return candidate.kind == kind
        && (candidate.name.description == network
          || kind == .wire && candidate.endpoints.contains { "\($0.node):\($0.interface)" == network })
    }
    if let index = found.first { return index }
    let names = networks.filter { $0.kind == kind }.map(\.name.description)
    throw Problem(
      .notFound, "no-such-network", "Infrastructure \(name) has no \(kind.rawValue) '\(network)'.",
      remedy: names.isEmpty ? "It has none." : "Its \(kind.rawValue)s are: \(names.prefix(20).joined(separator: ", "))."
    )
  }
}
