import Embedding
import Infrastructure
import Quantities
import Reservations

/// From what was admitted to how every host must look; pure and deterministic.
///
/// Rules:
/// - Every device has a data-plane namespace of its own, the machine's root namespace holds none.
/// - A site has an emulated switch if it has more than one host or a core link. It lays a cable to each of
///   its hosts, whose end there is called `uplink`; of a core link, the first end's switch lays the cable.
/// - A site whose hosts have trunks has a physical switch, which is not planned; its hosts' `uplink` leads to their
///   machines' interfaces, and a network bears one VLAN at all sites that it crosses.
/// - On a core link's cable a network bears the VLAN of the link's **first** site; the second site's
///   switch translates. Each VLAN has one owner at the first site, hence one on the cable.
/// - Plans come switches first, in the order of sites, then hosts. A real host has one only while it is
///   used, or while its site's switch has a cable to it; a device without a plan has nothing.
public struct Planner: Sendable {
  private let realm: Realm

  /// What plans need to know of a substrate, whatever runs on it: made once for many plans.
  public struct Wiring: Sendable {
    let topology: Topology
    let view: SubstrateView
  }

  /// The wiring of what `view` shows.
  public func wiring(of view: SubstrateView) -> Wiring {
    Wiring(topology: Topology(view.substrate, realm: realm), view: view)
  }

  /// A planner for the installation that marks its objects as `realm` says.
  public init(realm: Realm) { self.realm = realm }

  /// The plan of every device.
  ///
  /// - Throws: `Problem` of kind `.refused` where a network asks for a larger MTU than its path has, or of
  ///   kind `.failed` where an admission does not agree with the substrate or with itself.
  public func plans(
    for substrate: Substrate, admissions: [Admission], generation: UInt64
  ) throws(Problem) -> [HostPlan] {
    try plans(on: wiring(of: SubstrateView(substrate)), admissions: admissions, generation: generation)
  }

  /// Throws as `plans` would for this admission alone.
  public func check(_ admission: Admission, on wiring: Wiring) throws(Problem) {
    var scopes: [Name: NameScope] = [:]
    var shaping = ShapingTable(wiring.topology.limitedEnds)
    let planner = try SlicePlanner(
      admission, on: wiring.topology, allowed: AllowedRates(of: [admission], on: wiring.view))
    _ = try planner.slices(&scopes, &shaping)
    _ = try planner.switching(&shaping)
  }

  /// The plan of every device; see above.
  public func plans(
    on wiring: Wiring, admissions: [Admission], generation: UInt64
  ) throws(Problem) -> [HostPlan] {
    let (topology, substrate) = (wiring.topology, wiring.topology.substrate)
    var domains: [Name: [DomainPlan]] = [:]
    var paths: [Name: [RoutePathPlan]] = [:]
    var slices: [Name: [SlicePlan]] = [:]
    var scopes: [Name: NameScope] = [:]
    var shaping = ShapingTable(topology.limitedEnds)
    let allowed = AllowedRates(of: admissions.sorted { $0.number < $1.number }, on: wiring.view)
    for admission in admissions.sorted(by: { $0.number < $1.number }) {
      let planner = try SlicePlanner(admission, on: topology, allowed: allowed)
      for slice in try planner.slices(&scopes, &shaping) { slices[slice.host, default: []].append(slice.plan) }
      for switching in try planner.switching(&shaping) {
        if let domain = switching.domain { domains[switching.site, default: []].append(domain) }
        paths[switching.site, default: []] += switching.paths
      }
    }
    let shapers = shaping.shapers()
    let switches = topology.switches.map { site in
      HostPlan(
        device: site, generation: generation, namespace: topology.switchNamespace(site), isSwitch: true,
        cables: topology.cables(of: site), domains: (domains[site] ?? []).sorted { $0.number < $1.number },
        paths: paths[site] ?? [], shapers: shapers[topology.switchNamespace(site)] ?? [])
    }
    let hosts = substrate.hosts.compactMap { host -> HostPlan? in
      let here = slices[host.name] ?? []
      guard host.kind == .emulated || !here.isEmpty || topology.hasSwitch(host.site) else { return nil }
      var plan = HostPlan(
        device: host.name, generation: generation, namespace: topology.hostNamespace(host.name),
        shapers: shapers[topology.hostNamespace(host.name)] ?? [], slices: here)
      if let trunk = host.trunk, topology.isPhysical(host.site) {
        plan.trunk = TrunkLinkPlan(interface: trunk, vlans: topology.trunkVLANs(host.site), mtu: host.mtu)
      }
      if here.contains(where: { !$0.tunnels.isEmpty }) { plan.tunnelNamespace = topology.tunnelNamespace(host.name) }
      return plan
    }
    // Each has its host's name; hosts come first.
    let gateways = hosts.compactMap { host -> HostPlan? in
      guard let namespace = host.tunnelNamespace else { return nil }
      var plan = HostPlan(device: host.device, generation: generation, namespace: namespace)
      plan.tunnels = host.slices.flatMap(\.tunnels)
      return plan
    }
    return switches + hosts + gateways
  }

  /// The data-plane namespace of each of these hosts.
  public func namespaces(ofHosts hosts: Set<Name>, on substrate: Substrate) -> [Name: String] {
    Dictionary(
      hosts.map { ($0, realm.namespace(of: $0, kind: "host", substrate: substrate.name)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Namespaces of the devices that carry a network: those that have to confirm its VLANs' removal.
  ///
  /// Empty for a network that stays on one host, or that the admission does not have.
  public func devices(carrying network: Name, of admission: Admission, on substrate: Substrate) -> Set<String> {
    guard let tree = admission.embedding.trees[network], !tree.sites.isEmpty else { return [] }
    let topology = Topology(substrate, realm: realm)
    let hosts = tree.hosts.filter { topology.host($0) != nil }.map(topology.hostNamespace)
    return Set(hosts + tree.sites.filter(topology.hasSwitch).map(topology.switchNamespace))
  }

  /// Ends the admission's hold on VLANs it does not need: all of them, or those beyond `remaining`.
  ///
  /// What it releases stays in quarantine until every device that carried it has confirmed.
  public func release(
    _ admission: Admission, except remaining: Admission? = nil, on substrate: Substrate, in pool: inout VLANPool
  ) {
    let kept = Dictionary((remaining?.owners ?? []).map { ($0.owner, Set($0.sites)) }, uniquingKeysWith: { a, _ in a })
    for (owner, sites) in admission.owners {
      let gone = Set(sites).subtracting(kept[owner] ?? [])
      guard !gone.isEmpty else { continue }
      pool.release(owner, at: gone, awaiting: devices(carrying: owner.network, of: admission, on: substrate))
    }
  }
}
