import Infrastructure
import Quantities

/// Makes a substrate of a description without arrays.
struct VXDLSubstrateBuilder {
  private static let usualCPU = Cores(thousandths: 4000)
  private static let usualMemory = ByteCount(bytes: 4 << 30)

  private let document: VXDLDocument
  private let events: VXDLTimeline
  private let vlans = VLANSet((100...4000).compactMap { VLANID($0) })
  private var remarks: [String] = []
  private var sites: [Site] = []
  private var hosts: [Host] = []
  private var links: [CoreLink] = []
  private var sitesByID: [String: Name] = [:]
  private var leftOut: Set<String> = []
  /// Positions of links by their ends.
  private var positions: [Set<Name>: Int] = [:]

  init(_ document: VXDLDocument) throws(Problem) {
    self.document = document
    events = try VXDLTimeline(document.timeline)
  }

  mutating func build() throws(Problem) -> (substrate: Substrate, remarks: [String]) {
    noteCommon()
    try addSites()
    try addHosts()
    for case .link(let link) in document.resources {
      do { try add(link) } catch { throw error.about("vLink '\(link.traits.common.id.excerpt)'") }
    }
    var names = VXDLNames([])
    let name = names.name(for: document.common.id, else: "substrate")
    return (Substrate(name: name, sites: sites, hosts: hosts, links: links), remarks)
  }

  private mutating func noteCommon() {
    if document.common.startDate != nil || document.common.totalTime != nil {
      remarks.append("startDate and totalTime are left out, for a substrate is there all the time.")
    }
    if document.owner != nil || !document.users.isEmpty { remarks.append("Owner and users are left out.") }
    if !document.timeline.isEmpty { remarks.append("Later changes of capacities are left out.") }
    let frequencies = document.resources.contains { resource in
      if case .node(let node) = resource { node.cpu?.frequency.isEmpty == false } else { false }
    }
    if frequencies { remarks.append("Frequencies of processors are left out: cores are counted alike.") }
  }

  private mutating func addSites() throws(Problem) {
    var names = VXDLNames(document.resources.filter { !$0.isLink }.map(\.id))
    for resource in document.resources {
      switch resource {
      case .link, .array: continue
      case .storage, .accessPoint:
        leftOut.insert(resource.id)
        remarks.append("'\(resource.id.excerpt)' is left out, for it is neither a vNode nor a vRouter.")
      case .node, .router:
        let name = names.name(for: resource.id, else: "site")
        sites.append(Site(name: name, vlans: vlans))
        guard sitesByID.updateValue(name, forKey: resource.id) == nil else {
          throw Problem(
            .invalid, "duplicate-id", "'\(resource.id.excerpt)' has an id that is already taken.",
            remedy: "Give one of the two another id.")
        }
        if case .router = resource { remarks.append("vRouter '\(resource.id.excerpt)' is a site without hosts.") }
      }
    }
  }

  private mutating func addHosts() throws(Problem) {
    // Plans call a site's switch by the site's name, so no host may have it.
    var names = VXDLNames([], besides: sites.map(\.name))
    for case .node(let node) in document.resources {
      guard let site = sitesByID[node.traits.common.id] else { continue }
      let name = names.name(for: "\(site)-1", else: "host")
      do { try hosts.append(host(node, name, site)) } catch {
        throw error.about("vNode '\(node.traits.common.id.excerpt)'")
      }
    }
    guard !hosts.isEmpty else {
      throw Problem(
        .invalid, "no-hosts", "The description '\(document.common.id.excerpt)' has no vNode, so it has no hosts.",
        remedy: "Add a vNode for each place with hosts.")
    }
  }

  private mutating func host(_ node: VXDLNode, _ name: Name, _ site: Name) throws(Problem) -> Host {
    let id = node.traits.common.id.excerpt
    let cores = try node.cpu?.cores.initial(events)
    let memory = try node.memory.initial(events)
    if cores == nil { remarks.append("vNode '\(id)' says no cores, and gets \(Self.usualCPU).") }
    if memory == nil { remarks.append("vNode '\(id)' says no memory, and gets \(Self.usualMemory).") }
    return Host(
      name: name, site: site, kind: .emulated, cpu: try cores?.cores(usual: Self.usualCPU) ?? Self.usualCPU,
      memory: try memory?.memory(usual: Self.usualMemory) ?? Self.usualMemory,
      storage: try node.storage.initial(events)?.storage(),
      location: node.traits.common.location ?? document.common.location)
  }

  private mutating func add(_ link: VXDLLink) throws(Problem) {
    let id = link.traits.common.id.excerpt
    guard let first = try site(link.source), let second = try site(link.destination) else {
      remarks.append("vLink '\(id)' is left out, for one of its ends is.")
      return
    }
    let latency = try link.latency.initial(events)?.bounds(.latency)
    let core = CoreLink(
      ends: Pair(first, second), rate: try rate(link),
      latency: .nanoseconds(Int64(latency?.high ?? latency?.low ?? 0)))
    guard let position = positions[[first, second]] else {
      positions[[first, second]] = links.count
      return links.append(core)
    }
    remarks.append("vLink '\(id)' joins sites that another joins: only the faster of them is kept.")
    if (core.rate?.bitsPerSecond ?? .max) > (links[position].rate?.bitsPerSecond ?? .max) { links[position] = core }
  }

  /// Nil for an end that is left out.
  private func site(_ end: VXDLEnd) throws(Problem) -> Name? {
    if let site = sitesByID[end.id] { return site }
    guard !leftOut.contains(end.id) else { return nil }
    throw Problem(
      .invalid, "no-such-node", "There is no node '\(end.id.excerpt)'.",
      remedy: Remedy.nearestID(end.id, among: sitesByID.keys))
  }

  private mutating func rate(_ link: VXDLLink) throws(Problem) -> Bitrate? {
    let forward = try amount(link.bandwidth?.forward)
    let reverse = try amount(link.bandwidth?.reverse)
    if let forward, let reverse, forward != reverse {
      remarks.append(
        "vLink '\(link.traits.common.id.excerpt)': both directions get the smaller rate, \(min(forward, reverse)).")
    }
    guard let rate = [forward, reverse].compactMap({ $0 }).min() else { return nil }
    guard rate > .zero else {
      throw Problem(
        .invalid, "out-of-bounds", "A rate of 0 carries nothing.", remedy: "Write a rate above 0, or remove the link.")
    }
    return rate
  }

  private func amount(_ capacities: [VXDLCapacity]?) throws(Problem) -> Bitrate? {
    let bounds = try capacities?.initial(events)?.bounds(.rate)
    return (bounds?.low ?? bounds?.high).map(Bitrate.init(bitsPerSecond:))
  }
}
