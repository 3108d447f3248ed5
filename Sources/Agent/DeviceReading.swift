import Dataplane
import Linux
import Planning
import Quantities

/// What one device's programs and links have counted.
public struct DeviceReading: Hashable, Codable, Sendable {
  public typealias Tally = Dataplane.Tally

  /// Both directions of one place.
  public struct Flow: Hashable, Codable, Sendable {
    /// From the guest.
    public var `in` = Tally()
    /// To it.
    public var out = Tally()

    /// Nothing yet.
    public init() {}
  }

  /// A class of a shaped link.
  public struct Share: Hashable, Codable, Sendable {
    public var interface: String
    /// Number of its network.
    public var network: UInt32
    public var rate, ceiling: Bitrate
    public var frames: UInt64
    /// Frames that found the queue full.
    public var drops: UInt64
    /// Octets that wait.
    public var backlog: UInt32
  }

  public var device: Name
  /// Guests' ports by interface name.
  public var ports: [String: Flow] = [:]
  /// What comes in from links, by interface name.
  public var links: [String: Tally] = [:]
  public var shares: [Share] = []
  /// Frames dropped at a guest's port, by interface name and reason.
  public var portDrops: [String: [String: UInt64]] = [:]
  /// Frames dropped anywhere on the device, by reason.
  public var drops: [String: UInt64] = [:]

  /// Nothing counted yet.
  public init(device: Name) { self.device = device }

  /// What concerns one slice: its machines' ports and its networks' classes, and nothing that others share.
  public func only(_ slice: SlicePlan) -> DeviceReading {
    let names = Set(slice.machines.flatMap { $0.ports.map(\.port) })
    let networks = Set(slice.networks.map(\.number))
    var part = DeviceReading(device: device)
    part.ports = ports.filter { names.contains($0.key) }
    part.portDrops = portDrops.filter { names.contains($0.key) }
    part.shares = shares.filter { networks.contains($0.network) }
    return part
  }
}

extension Agent {
  /// Reads the counters of devices; those that are not there are left out. Changes nothing.
  public func read(_ plans: [HostPlan]) throws -> [DeviceReading] {
    do {
      let present = Set(try NetworkNamespace.names(prefix: realm.namespacePrefix))
      return try plans.filter { present.contains($0.namespace) }.map(read)
    } catch {
      throw Problem(host: error)
    }
  }

  private func read(_ plan: HostPlan) throws -> DeviceReading {
    let socket = try NetworkNamespace.open(named: plan.namespace).netlink()
    let dataplane = try Dataplane(socket: socket)
    let links = try socket.links()
    let names = Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    var reading = DeviceReading(device: plan.device)
    let received = try socket.received()
    for link in links
    where (link.alias ?? "").hasPrefix(Convergence.cableMark) || (link.alias ?? "").hasPrefix(realm.trunkMarkPrefix) {
      guard let count = received[link.index] else { continue }
      var tally = DeviceReading.Tally()
      (tally.frames, tally.octets) = (count.frames, count.octets)
      reading.links[link.name] = tally
    }
    for (place, tallies) in try dataplane.tallies(now: Clock.monotonic) {
      for (id, tally) in tallies {
        switch place {
        case .fromGuest: if let name = names[id] { reading.ports[name, default: .init()].in = tally }
        case .toGuest: if let name = names[id] { reading.ports[name, default: .init()].out = tally }
        }
      }
    }
    for (port, reasons) in try dataplane.portDrops() {
      guard let name = names[port] else { continue }
      reading.portDrops[name] = Dictionary(uniqueKeysWithValues: reasons.map { ($0.code, $1) })
    }
    reading.drops = try dataplane.counters().filter { $0.value > 0 }
    reading.shares = try shares(of: plan, socket, names)
    return reading
  }

  private func shares(
    of plan: HostPlan, _ socket: NetlinkSocket, _ names: [UInt32: String]
  ) throws -> [DeviceReading.Share] {
    let indices = Dictionary(names.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return try plan.shapers.flatMap { shaper -> [DeviceReading.Share] in
      guard let index = indices[shaper.interface] else { return [] }
      let networks = Dictionary(shaper.classes.map { ($0.id, $0.network) }, uniquingKeysWith: { first, _ in first })
      return try socket.classes(of: index).compactMap { found in
        guard let network = networks[found.share.id] else { return nil }
        return DeviceReading.Share(
          interface: shaper.interface, network: network, rate: found.share.rate, ceiling: found.share.ceiling,
          frames: found.frames, drops: found.drops, backlog: found.backlog)
      }
    }
  }
}
