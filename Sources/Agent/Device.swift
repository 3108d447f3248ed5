import Dataplane
import Linux
import Planning
import Quantities

/// A device while its plan is applied: its namespace, a socket in it, and its eBPF programs.
final class Device {
  let plan: HostPlan
  let namespace: NetworkNamespace
  let socket: NetlinkSocket
  let dataplane: Dataplane
  /// True where the namespace was made by this apply, so that nothing needs to be observed in it.
  let isNew: Bool
  /// Interface indices by name, kept up to date while links are made.
  var indices: [String: UInt32] = [:]
  var changes = 0
  /// Links that this apply made.
  private(set) var fresh: [UInt32] = []
  private var nextIndex: UInt32 = 0

  init(plan: HostPlan, namespace: NetworkNamespace, isNew: Bool) throws {
    self.plan = plan
    self.namespace = namespace
    self.isNew = isNew
    socket = try namespace.netlink()
    dataplane = try Dataplane(socket: socket, isNew: isNew)
  }

  /// Links of the namespace without `lo`; also sets which indices are taken.
  func readLinks() throws -> [Link] {
    // A new namespace is empty until a cable was laid to it.
    let links = isNew && indices.isEmpty ? [] : try socket.links().filter { $0.name != "lo" }
    indices = Dictionary(links.map { ($0.name, $0.index) }, uniquingKeysWith: { first, _ in first })
    nextIndex = (links.map(\.index).max() ?? 1) + 1
    return links
  }

  /// An interface index that nobody has; the agent alone makes links in its namespaces, and one agent at a
  /// time. It lets a bridge, its ports and their programs go in one batch.
  func reserveIndex(for name: String) -> UInt32 {
    defer { nextIndex += 1 }
    indices[name] = nextIndex
    fresh.append(nextIndex)
    return nextIndex
  }

  /// A link that was made without a reserved index.
  func noteFresh(_ name: String, _ index: UInt32) {
    indices[name] = index
    fresh.append(index)
  }

  /// Lets new links carry traffic before anybody is told that they are there.
  func awaitCarriers() throws {
    var batch = NetlinkBatch()
    for index in fresh { try batch.awaitCarrier(of: index) }
    if !batch.isEmpty { try socket.commit(batch) }
  }

  /// The same in a namespace in which processes may make links, too.
  func freshIndex(for name: String) throws -> UInt32 {
    nextIndex = max(nextIndex, (try socket.links().map(\.index).max() ?? 1) + 1)
    return reserveIndex(for: name)
  }

  /// The index of a link that the plan says must be there by now.
  func index(of name: String) throws -> UInt32 {
    guard let index = indices[name] else {
      throw Problem(
        .failed, "link-vanished", "Interface \(name) of \(plan.device) vanished while it was being set up.",
        remedy: "Run the command again; see 'virtcloud doctor' if it happens twice.")
    }
    return index
  }

  /// Sends a batch and counts its requests as changes.
  func commit(_ batch: NetlinkBatch) throws {
    guard !batch.isEmpty else { return }
    try socket.commit(batch)
    changes += batch.count
    FaultPoint.reach()
  }
}
