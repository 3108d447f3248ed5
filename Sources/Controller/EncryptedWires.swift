import Glibc
import Linux
import Planning
import Quantities
import Wires

/// Keeps the processes of encrypted wires in step with the plans: keys, the keeper's list, and the keeper itself.
struct EncryptedWires {
  let installation: Installation

  private var places: TunnelPlaces { TunnelPlaces(runDirectory: installation.runDirectory) }
  private var keyDirectory: String { places.folder + "/keys" }

  /// What the plans want; pure.
  func specs(_ plans: [HostPlan]) -> [TunnelSpec] {
    plans.flatMap { plan in
      plan.tunnels.map { tunnel in
        TunnelSpec(
          label: tunnel.label, key: "\(tunnel.infrastructure)-\(tunnel.network)",
          namespace: "/run/netns/\(plan.namespace)", local: tunnel.local.address, remote: tunnel.remote.address,
          port: TunnelPlan.udpPort, role: tunnel.isInitiator ? .initiator : .responder, device: tunnel.tap,
          mtu: tunnel.mtu, keyDirectory: keyDirectory)
      }
    }
  }

  /// Starts what is wanted and ends what is not; waits until all are connected, or for as long as somebody would
  /// wait for that: the keeper goes on, and `wire list` tells.
  ///
  /// - Parameter keepsOld: What is not wanted any more goes on for now.
  func follow(_ plans: [HostPlan], keepsOld: Bool = false) throws {
    var wanted = specs(plans)
    if wanted.isEmpty, access(places.wanted, F_OK) != 0 { return }
    if keepsOld {
      let fresh = Set(wanted.map(\.identity))
      wanted += try TunnelList.read(places.wanted).filter { !fresh.contains($0.identity) }
    }
    for key in Set(wanted.map(\.key)) { try TunnelKeys(key: key, directory: keyDirectory).make() }
    let before = try TunnelList.read(places.wanted)
    let isChanged = before != wanted
    if isChanged { try TunnelList.write(wanted, to: places.wanted) }
    try TunnelKeeper.ensure(places) {
      try ProcessRun.detach("/proc/self/exe", ["virtcloud", "wire-keeper", "--state", installation.stateDirectory])
    }
    if isChanged { try wait(for: wanted, beside: Set(before.map(\.identity))) }
    try removeKeys(except: Set(wanted.map(\.key)))
  }

  /// Until those that are new are connected, and those that are not wanted are gone; one that was there before and has
  /// lost its peer keeps nobody waiting.
  private func wait(for wanted: [TunnelSpec], beside old: Set<String>) throws {
    let identities = Set(wanted.map(\.identity))
    _ = try TunnelReport.wait(places, for: .seconds(10)) { report in
      guard let report else { return wanted.isEmpty }
      let settled = report.tunnels.filter { $0.state == .connected || $0.state == .failed }
      return Set(report.tunnels.map(\.identity)) == identities
        && identities.subtracting(old).isSubset(of: settled.map(\.identity))
    }
  }

  private func removeKeys(except wanted: Set<String>) throws {
    guard let folder = opendir(keyDirectory) else { return }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    closedir(folder)
    for name in names where !name.hasPrefix(".") && !wanted.contains(name) {
      _ = try TunnelKeys(key: name, directory: keyDirectory).remove()
    }
  }

  /// How the ends of each encrypted wire are doing, by `INFRASTRUCTURE/WIRE`; nil where no keeper lives.
  func states() throws -> [String: [TunnelStatus]]? {
    try TunnelReport.read(places).map { Dictionary(grouping: $0.tunnels, by: \.label) }
  }
}

extension EncryptedWires {
  /// How an infrastructure's wires are doing, in words: `up`, or what the processes at the ends of an encrypted one say.
  ///
  /// - Parameter fastPath: Whether programs join wires on one host.
  func words(for admission: Admission, fastPath: Bool) throws -> [Name: String] {
    let wires = admission.infrastructure.networks.filter { $0.kind == .wire }
    var result = Dictionary(wires.map { ($0.name, "up") }, uniquingKeysWith: { first, _ in first })
    let tunnels = wires.filter { CarriedBy($0, of: admission, fastPath: fastPath) == .tunnel }
    guard !tunnels.isEmpty else { return result }
    let found = try states()
    for wire in tunnels {
      let ends = found?["\(admission.infrastructure.name)/\(wire.name)"]?.sorted { $0.identity < $1.identity } ?? []
      let words = Set(ends.map(\.summary))
      result[wire.name] =
        ends.isEmpty ? "not running" : words.count == 1 ? words.first : ends.map(\.summary).joined(separator: "; ")
    }
    return result
  }
}

extension Controller {
  /// How a wire is doing, in words: `up`, or what the processes at the ends of an encrypted one say.
  public func wireStates(of admission: Admission) throws -> [Name: String] {
    try EncryptedWires(installation: installation).words(for: admission, fastPath: substrate().fastPath)
  }
}

extension Cloud {
  /// The same, of what this controller's own agent works.
  public func wireStates(of admission: Admission) throws -> [Name: String] {
    try EncryptedWires(installation: installation).words(for: admission, fastPath: view.substrate.fastPath)
  }
}
