import Quantities

/// One thing of a substrate that can be held: an amount of it, over an interval of time.
public enum Resource: Hashable, Codable, Sendable {
  /// Which way over a cable.
  public enum Direction: Int, Hashable, Codable, Sendable, CaseIterable {
    /// Of an uplink from the host to its site's switch; of a core link from its first end to its second.
    case forward
    /// The other way.
    case reverse

    /// The opposite direction.
    public var reversed: Direction { self == .forward ? .reverse : .forward }
  }

  /// Thousandths of cores of the host at this position of `Substrate.hosts`.
  case cpu(host: Int)
  /// Bytes.
  case memory(host: Int)
  /// Bytes.
  case storage(host: Int)
  /// Nodes.
  case slots(host: Int)
  /// One for each infrastructure with a node there, `wholeHost` for one that wants no other beside it.
  case tenancy(host: Int)
  /// Bits a second of the cable between a host and its site's switch.
  case uplink(host: Int, Direction)
  /// Bits a second of the core link at this position of `Substrate.links`.
  case link(Int, Direction)
  /// Networks that cross the site at this position of `Substrate.sites`.
  case vlans(site: Int)

  /// Amount of tenancy that leaves room for nobody else.
  public static let wholeHost: UInt64 = 1 << 32
}

/// The resources of a substrate as the numbers `0 ..< count`, so that amounts can be kept in arrays.
///
/// Hosts come first, seven numbers each, then core links, two each, then sites.
public struct ResourceNumbers: Hashable, Sendable {
  /// Of hosts, core links and sites.
  public let hosts, links, sites: Int
  /// How many there are.
  public var count: Int { hosts * 7 + links * 2 + sites }

  public init(_ substrate: Substrate) {
    hosts = substrate.hosts.count
    links = substrate.links.count
    sites = substrate.sites.count
  }

  /// The number of a resource of this substrate.
  public subscript(resource: Resource) -> Int {
    switch resource {
    case .cpu(let host): host * 7
    case .memory(let host): host * 7 + 1
    case .storage(let host): host * 7 + 2
    case .slots(let host): host * 7 + 3
    case .tenancy(let host): host * 7 + 4
    case .uplink(let host, let direction): host * 7 + 5 + direction.rawValue
    case .link(let link, let direction): hosts * 7 + link * 2 + direction.rawValue
    case .vlans(let site): hosts * 7 + links * 2 + site
    }
  }

  /// The resource with this number, `0 ..< count`.
  public func resource(_ number: Int) -> Resource {
    if number < hosts * 7 {
      let host = number / 7
      switch number % 7 {
      case 0: return .cpu(host: host)
      case 1: return .memory(host: host)
      case 2: return .storage(host: host)
      case 3: return .slots(host: host)
      case 4: return .tenancy(host: host)
      case 5: return .uplink(host: host, .forward)
      default: return .uplink(host: host, .reverse)
      }
    }
    let rest = number - hosts * 7
    if rest < links * 2 { return .link(rest / 2, rest % 2 == 0 ? .forward : .reverse) }
    return .vlans(site: rest - links * 2)
  }
}

extension Substrate {
  /// How much there is of a resource to be promised; the largest number is not limited.
  public func capacity(of resource: Resource) -> UInt64 {
    switch resource {
    case .cpu(let host): hosts[host].cpu.thousandths
    case .memory(let host): hosts[host].memory.bytes
    case .storage(let host): hosts[host].storage?.bytes ?? .max
    case .slots(let host): hosts[host].slots.map { UInt64(max(0, $0)) } ?? .max
    case .tenancy: Resource.wholeHost
    case .uplink(let host, _): promised(hosts[host].uplink)
    case .link(let link, _): promised(links[link].rate)
    case .vlans(let site): UInt64(sites[site].vlans.members.count)
    }
  }

  /// The capacities of all resources by their numbers.
  public var capacities: [UInt64] {
    let numbers = ResourceNumbers(self)
    return (0..<numbers.count).map { capacity(of: numbers.resource($0)) }
  }

  private func promised(_ rate: Bitrate?) -> UInt64 {
    guard let rate = rate?.bitsPerSecond else { return .max }
    return UInt64(UInt128(rate) * UInt128(max(1, 100 - max(0, bestEffort))) / 100)
  }

  /// How a resource is called, in the middle of a sentence: `processor of host brno-1`.
  public func name(of resource: Resource) -> String {
    switch resource {
    case .cpu(let host): "processor of host \(hosts[host].name)"
    case .memory(let host): "memory of host \(hosts[host].name)"
    case .storage(let host): "storage of host \(hosts[host].name)"
    case .slots(let host): "slots of host \(hosts[host].name)"
    case .tenancy(let host): "tenancy of host \(hosts[host].name)"
    case .uplink(let host, .forward): "uplink of host \(hosts[host].name), sending"
    case .uplink(let host, .reverse): "uplink of host \(hosts[host].name), receiving"
    case .link(let link, .forward): "core link \(links[link].ends.first) -> \(links[link].ends.second)"
    case .link(let link, .reverse): "core link \(links[link].ends.second) -> \(links[link].ends.first)"
    case .vlans(let site): "VLANs of site \(sites[site].name)"
    }
  }

  /// An amount of a resource in its unit.
  public static func text(_ amount: UInt64, of resource: Resource) -> String {
    switch resource {
    case .cpu: "\(Cores(thousandths: amount)) cores"
    case .memory, .storage: "\(ByteCount(bytes: amount))"
    case .slots, .tenancy, .vlans: "\(amount)"
    case .uplink, .link: "\(Bitrate(bitsPerSecond: amount))"
    }
  }
}
