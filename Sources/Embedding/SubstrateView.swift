import Infrastructure
import Quantities

/// A substrate and what is already reserved on it.
public struct SubstrateView: Hashable, Sendable {
  /// What is reserved on one host.
  public struct HostUse: Hashable, Codable, Sendable {
    public var cpu: Cores = .zero
    public var memory: ByteCount = .zero
    /// Sum of the minimum rates on the cable to the site's switch, each direction.
    public var rate: Bitrate = .zero
    public init() {}
  }

  public let substrate: Substrate
  /// In the order of `Substrate.hosts`.
  public private(set) var hostUse: [HostUse]
  /// Sum of the minimum rates on each core link, each direction, in the order of `Substrate.links`.
  public private(set) var linkUse: [Bitrate]
  private let hostIndices: [Name: Int]

  /// A view of `substrate` with nothing reserved.
  public init(_ substrate: Substrate) {
    self.substrate = substrate
    hostUse = Array(repeating: HostUse(), count: substrate.hosts.count)
    linkUse = Array(repeating: .zero, count: substrate.links.count)
    hostIndices = Dictionary(
      substrate.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Position of the host in `Substrate.hosts`; nil where there is no such host.
  public func hostIndex(_ name: Name) -> Int? { hostIndices[name] }

  /// Reserves what `embedding` takes; parts on hosts or links that the substrate lacks count nowhere.
  public mutating func occupy(_ embedding: Embedding, of request: VirtualInfrastructure) {
    book(embedding, of: request, with: saturatingSum)
  }

  /// Gives back what `occupy` with the same values reserved.
  public mutating func vacate(_ embedding: Embedding, of request: VirtualInfrastructure) {
    book(embedding, of: request, with: saturatingDifference)
  }

  private mutating func book(
    _ embedding: Embedding, of request: VirtualInfrastructure, with change: (UInt64, UInt64) -> UInt64
  ) {
    for node in request.nodes {
      guard let host = embedding.placement[node.name], let index = hostIndices[host] else { continue }
      let use = hostUse[index]
      hostUse[index].cpu.thousandths = change(use.cpu.thousandths, node.cpu.thousandths)
      hostUse[index].memory.bytes = change(use.memory.bytes, node.memory.bytes)
    }
    for network in request.networks {
      guard let minimum = network.minimumRate?.bitsPerSecond, let tree = embedding.trees[network.name] else {
        continue
      }
      book(minimum, on: tree, with: change)
    }
  }

  private mutating func book(_ minimum: UInt64, on tree: NetworkTree, with change: (UInt64, UInt64) -> UInt64) {
    guard tree.hosts.count > 1 else { return }
    for host in tree.hosts {
      guard let index = hostIndices[host] else { continue }
      hostUse[index].rate.bitsPerSecond = change(hostUse[index].rate.bitsPerSecond, minimum)
    }
    for link in tree.links where linkUse.indices.contains(link) {
      linkUse[link].bitsPerSecond = change(linkUse[link].bitsPerSecond, minimum)
    }
  }
}

/// The sum, or the largest number where it does not fit: only an unlimited link can come so far.
func saturatingSum(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

/// The difference, or zero where `b` is larger.
func saturatingDifference(_ a: UInt64, _ b: UInt64) -> UInt64 { a > b ? a - b : 0 }

extension SubstrateView {
  /// Processor that nobody holds on the host at `index`.
  public func freeCPU(_ index: Int) -> Cores {
    Cores(
      thousandths: saturatingDifference(
        substrate.hosts[index].cpu.thousandths, hostUse[index].cpu.thousandths))
  }

  /// Memory that nobody holds on the host at `index`.
  public func freeMemory(_ index: Int) -> ByteCount {
    ByteCount(bytes: saturatingDifference(substrate.hosts[index].memory.bytes, hostUse[index].memory.bytes))
  }

  /// Rate that nobody holds on the uplink of the host at `index`; nil is not limited.
  public func freeUplink(_ index: Int) -> Bitrate? {
    substrate.hosts[index].uplink.map {
      Bitrate(bitsPerSecond: saturatingDifference($0.bitsPerSecond, hostUse[index].rate.bitsPerSecond))
    }
  }

  /// Rate that nobody holds on the core link at `index`; nil is not limited.
  public func freeRate(ofLink index: Int) -> Bitrate? {
    substrate.links[index].rate.map {
      Bitrate(bitsPerSecond: saturatingDifference($0.bitsPerSecond, linkUse[index].bitsPerSecond))
    }
  }
}
