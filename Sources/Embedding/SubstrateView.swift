import Infrastructure
import Quantities

/// A substrate and what is already held of it: at a moment, or at most at any moment of an interval.
public struct SubstrateView: Hashable, Sendable {
  public let substrate: Substrate
  public let directory: SubstrateDirectory
  let graph: SubstrateGraph
  /// What there is of each resource, by its number; the largest number is not limited.
  public let capacity: [UInt64]
  /// What is held of each resource, by its number.
  public private(set) var used: [UInt64]

  /// A view of `substrate` with nothing held.
  public init(_ substrate: Substrate) {
    self.substrate = substrate
    directory = SubstrateDirectory(substrate)
    graph = SubstrateGraph(substrate, directory)
    capacity = substrate.capacities
    used = Array(repeating: 0, count: capacity.count)
  }

  /// The same substrate with `used` held of each resource, by its number.
  public func holding(_ used: [UInt64]) -> SubstrateView {
    precondition(used.count == capacity.count, "there is one amount for each resource")
    var view = self
    view.used = used
    return view
  }

  /// Position of the host in `Substrate.hosts`; nil where there is no such host.
  public func hostIndex(_ name: Name) -> Int? { directory.host(name) }

  /// What nobody holds; the largest number is not limited.
  public func free(_ resource: Resource) -> UInt64 { free(at: directory.numbers[resource]) }

  /// What nobody holds of the resource with this number; the largest number is not limited.
  public func free(at number: Int) -> UInt64 {
    capacity[number] == .max ? .max : saturatingDifference(capacity[number], used[number])
  }

  /// Holds what `embedding` takes; parts on hosts or links that the substrate lacks count nowhere.
  public mutating func occupy(_ embedding: Embedding, of request: VirtualInfrastructure) {
    for demand in embedding.demands(of: request, on: directory) {
      let number = directory.numbers[demand.resource]
      used[number] = saturatingSum(used[number], demand.amount)
    }
  }

  /// Gives back what `occupy` with the same values took.
  public mutating func vacate(_ embedding: Embedding, of request: VirtualInfrastructure) {
    for demand in embedding.demands(of: request, on: directory) {
      let number = directory.numbers[demand.resource]
      used[number] = saturatingDifference(used[number], demand.amount)
    }
  }
}

/// The sum, or the largest number where it does not fit: only something unlimited can come so far.
func saturatingSum(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

/// The difference, or zero where `b` is larger.
func saturatingDifference(_ a: UInt64, _ b: UInt64) -> UInt64 { a > b ? a - b : 0 }

extension SubstrateView {
  /// Processor that nobody holds on the host at `index`.
  public func freeCPU(_ index: Int) -> Cores { Cores(thousandths: free(.cpu(host: index))) }

  /// Memory that nobody holds on the host at `index`.
  public func freeMemory(_ index: Int) -> ByteCount { ByteCount(bytes: free(.memory(host: index))) }

  /// Rate that nobody holds on the uplink of the host at `index`, in the fuller direction; nil is not limited.
  public func freeUplink(_ index: Int) -> Bitrate? {
    rate(min(free(.uplink(host: index, .forward)), free(.uplink(host: index, .reverse))))
  }

  /// Rate that nobody holds on the core link at `index`, in the fuller direction; nil is not limited.
  public func freeRate(ofLink index: Int) -> Bitrate? {
    rate(min(free(.link(index, .forward)), free(.link(index, .reverse))))
  }

  private func rate(_ bitsPerSecond: UInt64) -> Bitrate? {
    bitsPerSecond == .max ? nil : Bitrate(bitsPerSecond: bitsPerSecond)
  }
}
