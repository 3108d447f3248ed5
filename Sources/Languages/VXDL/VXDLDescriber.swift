import Infrastructure
import Quantities

/// Writes a virtual infrastructure down as a description.
struct VXDLDescriber {
  let infrastructure: VirtualInfrastructure
  var remarks: [String] = []
  /// Ids of nodes by their names.
  private var ids: [Name: String] = [:]
  private var kinds: [Name: String] = [:]
  private var takenLinks: Set<String> = []
  private let isBare: Bool

  init(_ infrastructure: VirtualInfrastructure) {
    self.infrastructure = infrastructure
    isBare = VXDLLabels(infrastructure.labels)[.dialect] == VXDLDocument.Dialect.bare.rawValue
  }

  mutating func describe() throws(Problem) -> (document: VXDLDocument, remarks: [String]) {
    let labels = VXDLLabels(infrastructure.labels)
    var document = VXDLDocument(
      dialect: isBare ? .bare : .published,
      common: VXDLCommon(id: Self.id(labels, infrastructure.name), location: labels[.location]))
    document.common.startDate = try infrastructure.lease.start.map { (start) throws(Problem) in try VXDLDate(start) }
    document.common.totalTime = try infrastructure.lease.duration.map { (time) throws(Problem) in try VXDLSpan(time) }
    document.owner = labels[.owner]
    document.users = labels[all: .user]
    let events = eventIDs(labels)
    document.timeline = zip(events, infrastructure.timeline).map { id, event in
      VXDLEvent(id: id, delay: VXDLNumber(Self.milliseconds(event.after), places: 3))
    }
    document.resources = try nodes(events)
    document.resources += try labels[all: .accessPoint].map { (text) throws(Problem) in
      try Self.resource(text, of: .accessPoint)
    }
    let links = try labels[all: .link].map { (text) throws(Problem) in try Self.resource(text, of: .link) }
    takenLinks.formUnion(links.map(\.id))
    document.resources += try self.links(events) + links
    noteRest(labels)
    return (try document.checked(), remarks)
  }

  static func id(_ labels: VXDLLabels, _ name: Name) -> String {
    let id = labels[.id]?.trimmedMarkup ?? ""
    return id.isEmpty ? name.description : id
  }

  private func eventIDs(_ labels: VXDLLabels) -> [String] {
    let known = labels[all: .event]
    var taken: Set<String> = []
    return infrastructure.timeline.indices.map { index in
      var id = index < known.count && !known[index].isEmpty ? known[index] : "event-\(index + 1)"
      while !taken.insert(id).inserted { id += "-\(index + 1)" }
      return id
    }
  }

  static func milliseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    return UInt64(max(0, min(seconds, 1 << 40))) * 1000 + UInt64(max(0, attoseconds) / 1_000_000_000_000_000)
  }

  /// A resource that a label holds.
  private static func resource(_ text: String, of key: VXDLLabels.Key) throws(Problem) -> VXDLResource {
    let element = try VXDLLabels.element(text, of: key)
    let expected = key == .link ? "vLink" : "vAccessPoint"
    guard element.name == expected else {
      throw element.mark.problem(
        "unknown-element", "The label holds the element '\(element.name.excerpt)'.",
        remedy: "Remove the label, or write <\(expected)>.")
    }
    var reader = VXDLTreeReader()
    return try reader.resource(element)
  }

  private mutating func nodes(_ events: [String]) throws(Problem) -> [VXDLResource] {
    var resources: [VXDLResource] = []
    var taken: Set<String> = []
    for node in infrastructure.nodes {
      let id = Self.id(VXDLLabels(node.labels), node.name)
      guard taken.insert(id).inserted else {
        throw Problem(
          .invalid, "duplicate-id", "Node '\(node.name)' has the VXDL id '\(id.excerpt)', which another has already.",
          remedy: "Change its label 'vxdl/id'.")
      }
      ids[node.name] = id
      do { resources.append(try resource(node, id, events)) } catch { throw error.about("Node '\(node.name)'") }
      kinds[node.name] = resources.last?.kind
    }
    return resources
  }

  private mutating func links(_ events: [String]) throws(Problem) -> [VXDLResource] {
    var resources: [VXDLResource] = []
    for network in infrastructure.networks {
      guard network.endpoints.count == 2 else {
        try refuse(network)
        continue
      }
      let labels = VXDLLabels(network.labels)
      let id = Self.id(labels, network.name)
      guard takenLinks.insert(id).inserted else {
        throw Problem(
          .invalid, "duplicate-id",
          "Network '\(network.name)' has the VXDL id '\(id.excerpt)', which another has already.",
          remedy: "Change its label 'vxdl/id'.")
      }
      var link = VXDLLink(
        try labels.traits(id: id), from: end(network.endpoints[0], labels[.sourceInterface]),
        to: end(network.endpoints[1], labels[.destinationInterface]))
      link.traits.common.location = labels[.location]
      link.traits.exclusivity = labels[.exclusivity].map { $0 == "true" }
      fill(&link, network, events)
      resources.append(.link(link))
      if network.kind == .segment {
        remarks.append("Segment '\(network.name)' is written as a vLink between its two members.")
      }
    }
    return resources
  }

  private func end(_ endpoint: Endpoint, _ interface: String?) -> VXDLEnd {
    VXDLEnd(
      ids[endpoint.node] ?? endpoint.node.description, kind: isBare ? kinds[endpoint.node] : nil,
      interface: isBare ? interface : nil)
  }

  /// A segment with one member or none joins nothing; one with more than two cannot be written.
  private mutating func refuse(_ network: Network) throws(Problem) {
    guard network.endpoints.count > 2 else {
      remarks.append("Segment '\(network.name)' is left out, for it joins nothing.")
      return
    }
    throw Problem(
      .invalid, "no-multipoint",
      "Segment '\(network.name)' has \(network.endpoints.count) members, but a vLink of VXDL has two ends.",
      remedy: "Join its members with wires, or keep the file in VirtCloud's own language.")
  }

  private mutating func noteRest(_ labels: VXDLLabels) {
    if !infrastructure.rules.isEmpty { remarks.append("Rules about shared and separate places are left out.") }
    if !labels.others.isEmpty { remarks.append("Labels of the infrastructure are left out.") }
    for node in infrastructure.nodes {
      if node.site != nil || node.host != nil {
        remarks.append("Node '\(node.name)': the site and host that it must go to are left out.")
      }
      if !node.routes.isEmpty { remarks.append("Node '\(node.name)': its routes are left out.") }
      if node.software != nil { remarks.append("Node '\(node.name)': the software that it runs is left out.") }
    }
    for network in infrastructure.networks where !network.prefixes.isEmpty || network.mtu != nil {
      remarks.append("Network '\(network.name)': its addresses and MTU are left out.")
    }
  }
}

extension VXDLResource {
  /// The element's name.
  var kind: String {
    switch self {
    case .node: "vNode"
    case .router: "vRouter"
    case .storage: "vStorage"
    case .accessPoint: "vAccessPoint"
    case .link: "vLink"
    case .array: "vArray"
    }
  }
}
