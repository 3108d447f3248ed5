import Glibc
import Linux
import Quantities

extension MachineDriver {
  /// Starts machines of one infrastructure; remains of earlier, broken starts under the same keys are ended first.
  ///
  /// Write the hosts file first. The machines outlive the calling process.
  ///
  /// - Parameter ready: called with the key and the host process id of PID 1 as each machine comes up, lo set up and
  ///   forwarding switched on, while later ones still start.
  /// - Throws: `Problem` `machine-not-started` for the first machine that failed, once all others have answered.
  public func launch(
    _ specs: [MachineSpec], infrastructure number: UInt32, ready: (_ key: String, _ process: pid_t) throws -> Void
  ) throws {
    guard !specs.isEmpty else { return }
    guard (1...32767).contains(number) else { preconditionFailure("infrastructure number \(number)") }
    try prepareFolders(number, specs)
    let records = try records(specs, number)
    var waiting = Dictionary(specs.map { ($0.key, $0.label) }) { first, _ in first }
    var failure: String?
    try LauncherChannel.open().converse(records) { answer in
      if answer[0] == "ready", answer.count >= 4, let process = pid_t(answer[3]) {
        waiting[answer[1]] = nil
        try ready(answer[1], process)
      } else if answer.count >= 4, let code = Int32(answer[3]) {
        let error = SystemError(operation: answer[2], object: waiting[answer[1]] ?? "launcher", errno: code)
        failure = failure ?? error.description
      }
    }
    for hierarchy in layout.hierarchies { _ = try Folder.remove(folder(hierarchy, number) + "/" + Self.launcher) }
    guard failure != nil || !waiting.isEmpty else { return }
    throw Problem(
      .failed, "machine-not-started",
      "Machine \(waiting.values.min() ?? "") did not start: \(failure ?? "it died while starting").",
      remedy: "Run `virtcloud doctor`; give the machine more memory if it died.")
  }

  private func prepareFolders(_ number: UInt32, _ specs: [MachineSpec]) throws {
    for (index, hierarchy) in layout.hierarchies.enumerated() {
      if hierarchy.isUnified { try enable(hierarchy.controllers, hierarchy.path) }
      for path in [folder(hierarchy), folder(hierarchy, number)] {
        try Folder.make(path)
        if hierarchy.isUnified { try enable(hierarchy.controllers, path) }
      }
      if index == 0 { try Folder.make(folder(hierarchy, number) + "/" + Self.launcher) }
    }
    let present = Set(try layout.hierarchies.flatMap { try Folder.subfolders(folder($0, number)) })
    for spec in specs where present.contains(spec.key) { try kill(machine: spec.key, infrastructure: number) }
  }

  /// Lets a version 2 cgroup's children have the controllers.
  private func enable(_ controllers: [CgroupLayout.Controller], _ path: String) throws {
    guard !controllers.isEmpty else { return }
    let text = controllers.map { "+" + $0.rawValue }.joined(separator: " ")
    try TextFile.write(path + "/cgroup.subtree_control", text)
  }

  private func records(_ specs: [MachineSpec], _ number: UInt32) throws -> [[String]] {
    var images: [MachineSpec.RootImage] = []
    for spec in specs where !images.contains(spec.image) { images.append(spec.image) }
    var records = [["begin", "\(Self.baseID(number))"]]
    records += layout.hierarchies.map { ["cgroup", folder($0, number), $0.isUnified ? "1" : "0"] }
    records.append(["hosts", hostsFile(number)])
    records += try images.map { ["image", try path(of: $0)] }
    records.append(["prepared"])
    if let host = images.firstIndex(of: .host) { records += masks(host) }
    for spec in specs {
      let image = images.firstIndex(of: spec.image) ?? 0
      records.append(
        ["machine", spec.key, spec.hostname, "virtcloud: " + spec.label, "\(image)", "\(spec.memory.bytes)"]
          + [spec.isRouter ? "1" : "0"] + limits(spec))
    }
    return records + [["end"]]
  }

  private func masks(_ image: Int) -> [[String]] {
    HostSecrets.folders().map { ["mask-folder", "\(image)", String($0.dropFirst())] }
      + HostSecrets.files().map { ["mask-file", "\(image)", String($0.dropFirst())] }
      + [["replace-file", "\(image)", "etc/shadow", HostSecrets.shadow]]
  }

  /// Hierarchy, file and value of each limit.
  func limits(_ spec: MachineSpec) -> [String] {
    var settings: [String] = []
    func set(_ controller: CgroupLayout.Controller, _ new: [(String, String)], _ old: [(String, String)]) {
      guard let index = layout.index(of: controller) else { return }
      let values = layout.hierarchies[index].isUnified ? new : old
      settings += values.flatMap { ["\(index)", $0.0, $0.1] }
    }
    let quota = spec.cpu.thousandths * 100  // microseconds of 100 ms
    set(.cpu, [("cpu.max", "\(max(quota, 1000)) 100000")], [("cpu.cfs_quota_us", "\(max(quota, 1000))")])
    let memory = "\(spec.memory.bytes)"
    set(
      .memory, [("memory.max", memory)] + swap("memory.swap.max", "0"),
      [("memory.limit_in_bytes", memory)] + swap("memory.memsw.limit_in_bytes", memory))
    set(.pids, [("pids.max", "4096")], [("pids.max", "4096")])
    return settings
  }

  /// The setting that keeps a machine out of swap, where the kernel accounts for swap at all.
  private func swap(_ file: String, _ value: String) -> [(String, String)] {
    guard let index = layout.index(of: .memory) else { return [] }
    return access(folder(layout.hierarchies[index]) + "/" + file, F_OK) == 0 ? [(file, value)] : []
  }
}
