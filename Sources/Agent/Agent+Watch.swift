import Dataplane
import Linux
import Planning
import Quantities

extension Agent {
  public typealias WatchFilter = Dataplane.WatchFilter

  /// What was done to a frame at one place.
  public struct WatchedStep: Sendable {
    public var device: Name
    /// Interface name.
    public var interface: String
    public var step: Dataplane.WatchedStep
    /// `guard`, `tag`, `untag` or `forward`.
    public var hook: String { step.hook.rawValue }

    /// What became of it, in words; the reason of a drop as `show --drops` has it.
    public var outcome: (words: String, dropped: String?) {
      switch (step.verdict, step.hook) {
      case (.dropped(let reason?), _): ("dropped", reason.code)
      case (.dropped(nil), .forward): ("flooded, or already there", nil)
      case (.dropped(nil), _): ("already there", nil)
      case (.passed, _): ("to the bridge", nil)
      case (.redirected, .guard): ("on its way", nil)
      case (.redirected, .tag): ("leaves the host", nil)
      case (.redirected, .untag): ("delivered", nil)
      case (.redirected, .forward): ("switched", nil)
      }
    }
  }

  /// Tells of frames that match, as programs handle them, until `isOver`, which is asked a few times a second.
  public func watch(
    _ plans: [HostPlan], for filter: WatchFilter, until isOver: () throws -> Bool,
    _ take: @escaping (WatchedStep) -> Void
  ) throws {
    do {
      let present = Set(try NetworkNamespace.names(prefix: realm.namespacePrefix))
      let here = plans.filter { present.contains($0.namespace) }
      var names: [[UInt32: String]] = []
      var dataplanes: [Dataplane] = []
      for plan in here {
        let socket = try NetworkNamespace.open(named: plan.namespace).netlink()
        dataplanes.append(try Dataplane(socket: socket))
        names.append(
          Dictionary(try socket.links().map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first }))
      }
      var pending: [WatchedStep] = []
      let reader = try WatchReader(dataplanes) { number, step in
        pending.append(
          WatchedStep(
            device: here[number].device, interface: names[number][step.interface] ?? "#\(step.interface)", step: step))
      }
      guard let reader else { return }
      defer { for dataplane in dataplanes { try? dataplane.watch(filter, until: 0) } }
      repeat {
        // Should we be killed, the programs fall silent by themselves.
        for dataplane in dataplanes { try dataplane.watch(filter, until: Clock.monotonic + 3_000_000_000) }
        try reader.poll(milliseconds: 200)
        // Each device has a ring of its own: what it holds is put in order, with what the others have told meanwhile.
        try reader.poll(milliseconds: 0)
        pending.sort { $0.step.time < $1.step.time }
        pending.forEach(take)
        pending = []
      } while try !isOver()
    } catch {
      throw Problem(host: error)
    }
  }
}
