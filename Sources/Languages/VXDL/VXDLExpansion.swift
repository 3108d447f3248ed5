import Quantities

/// Writes arrays out: each member so many times, with `-1`, `-2` and so on behind its id.
///
/// A link in an array that names a member of the same array means the same copy; a link that names a member
/// from outside means every copy; one that names the array itself means every member of every copy. Members
/// without a location take the array's.
struct VXDLExpansion {
  private var flat: [VXDLResource] = []
  /// What stands for an id of the description as an end: itself, its copies, or an array's members.
  private var ends: [String: [String]] = [:]
  private var links: [String: [String]] = [:]
  private var linkCount = 0
  private var takenEnds: Set<String> = []
  private var takenLinks: Set<String> = []

  /// The document without arrays. Throws `too-many` above 10,000 nodes or links, `no-such-node` or `wire-loop`.
  static func flat(_ document: VXDLDocument) throws(Problem) -> VXDLDocument {
    var expansion = VXDLExpansion()
    expansion.reserve(document.resources)
    for resource in document.resources { try expansion.addEnds(resource) }
    for resource in document.resources { try expansion.addLinks(resource) }
    var result = document
    result.resources = expansion.flat.map(expansion.renamed)
    return result
  }

  private mutating func reserve(_ resources: [VXDLResource]) {
    for resource in resources {
      switch resource {
      case .link(let link): takenLinks.insert(link.traits.common.id)
      case .array(let array):
        takenEnds.insert(array.id)
        reserve(array.members)
      default: takenEnds.insert(resource.id)
      }
    }
  }

  private mutating func addEnds(_ resource: VXDLResource) throws(Problem) {
    switch resource {
    case .link: return
    case .array(let array):
      ends[array.id] = []
      guard !array.members.isEmpty else { return }
      for number in 1...max(1, array.cardinality) {
        for member in array.members where !member.isLink { try add(member, number, of: array) }
      }
    default:
      ends[resource.id] = [resource.id]
      try append(resource)
    }
  }

  private mutating func add(_ member: VXDLResource, _ number: Int, of array: VXDLArray) throws(Problem) {
    var copy = member
    copy.id = Self.free(member.id, number, &takenEnds)
    if copy.location == nil { copy.location = array.location }
    ends[member.id, default: []].append(copy.id)
    ends[array.id, default: []].append(copy.id)
    try append(copy)
  }

  private mutating func append(_ resource: VXDLResource) throws(Problem) {
    flat.append(resource)
    linkCount += resource.isLink ? 1 : 0
    let (count, what) = resource.isLink ? (linkCount, "links") : (flat.count - linkCount, "nodes")
    guard count <= NamePattern.maximumNames else {
      throw Problem(
        .invalid, "too-many", "The description has more than \(NamePattern.maximumNames) \(what).",
        remedy: "Ask for fewer, or split it.")
    }
  }

  private mutating func addLinks(_ resource: VXDLResource) throws(Problem) {
    switch resource {
    case .link(let link): try add(link, from: try copies(link.source, link), to: try copies(link.destination, link))
    case .array(let array):
      let members = Set(array.members.filter { !$0.isLink }.map(\.id))
      for member in array.members {
        guard case .link(let link) = member else { continue }
        for number in 1...max(1, array.cardinality) {
          let sources = Self.pick(number, of: try copies(link.source, link), members.contains(link.source.id))
          let targets = Self.pick(
            number, of: try copies(link.destination, link), members.contains(link.destination.id))
          try add(link, from: sources, to: targets, number)
        }
      }
    default: return
    }
  }

  private static func pick(_ number: Int, of copies: [String], _ isInside: Bool) -> [String] {
    isInside && number <= copies.count ? [copies[number - 1]] : copies
  }

  private func copies(_ end: VXDLEnd, _ link: VXDLLink) throws(Problem) -> [String] {
    if let copies = ends[end.id] { return copies }
    throw Problem(
      .invalid, "no-such-node", "vLink '\(link.traits.common.id.excerpt)': there is no node '\(end.id.excerpt)'.",
      remedy: Remedy.nearestID(end.id, among: ends.keys))
  }

  /// One link from each source to each destination; nothing is joined to itself.
  private mutating func add(
    _ link: VXDLLink, from sources: [String], to destinations: [String], _ number: Int? = nil
  ) throws(Problem) {
    let id = link.traits.common.id
    let isSingle = number == nil && sources.count == 1 && destinations.count == 1
    guard link.source.id != link.destination.id else {
      throw Problem(
        .invalid, "wire-loop", "vLink '\(id.excerpt)' has '\(link.source.id.excerpt)' at both ends.",
        remedy: "Join two nodes.")
    }
    for source in sources {
      for destination in destinations where source != destination {
        var copy = link
        copy.source.id = source
        copy.destination.id = destination
        if !isSingle { copy.traits.common.id = Self.free(id, (links[id]?.count ?? 0) + 1, &takenLinks) }
        links[id, default: []].append(copy.traits.common.id)
        try append(.link(copy))
      }
    }
  }

  private static func free(_ id: String, _ number: Int, _ taken: inout Set<String>) -> String {
    var candidate = "\(id)-\(number)"
    while !taken.insert(candidate).inserted { candidate += "-copy" }
    return candidate
  }

  /// With the ids that services and routes name written as copies: all of them in a list, else the first.
  private func renamed(_ resource: VXDLResource) -> VXDLResource {
    switch resource {
    case .accessPoint(var point):
      point.services = point.services.map { service in
        switch service {
        case .loadBalancer(let inside, let region, let number):
          .loadBalancer(inEndpoints: inside.flatMap { ends[$0] ?? [$0] }, region: region, addressNumber: number)
        case .masquerade(let inside, let region):
          .masquerade(inEndpoints: inside.flatMap { ends[$0] ?? [$0] }, region: region)
        case .nat(let inside, let inPort, let name, let region, let outPort):
          .nat(
            inEndpoint: inside.map { ends[$0]?.first ?? $0 }, inPort: inPort, protocolName: name, region: region,
            outPort: outPort)
        }
      }
      return .accessPoint(point)
    case .router(var router):
      guard var table = router.controlPlane?.routingTable else { return resource }
      for index in table.routes.indices {
        table.routes[index].linkIn = table.routes[index].linkIn.map { links[$0]?.first ?? $0 }
        table.routes[index].linkOut = table.routes[index].linkOut.map { links[$0]?.first ?? $0 }
      }
      router.controlPlane?.routingTable = table
      return .router(router)
    default: return resource
    }
  }
}
