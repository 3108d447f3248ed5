import CommandLine
import Controller

/// The program, with all its verbs.
public enum VirtCloud {
  public static let program = Program(
    name: "virtcloud", version: Version.current,
    summary: "A logical cloud over a physical grid: from one file to running machines, segments and wires.",
    commands: [
      Up.self, Plan.self, Down.self, Reserve.self, Extend.self, Release.self, Calendar.self, List.self, Show.self,
      Exec.self, WireVerbs.self, SetVerb.self, Top.self, TraceVerb.self, CaptureVerb.self, BenchVerbs.self,
      SubstrateVerbs.self,
      Simulate.self,
      Convert.self, Doctor.self, GC.self, AgentVerb.self,
      Version.self, CompletionCommand.self, LeaseKeeperVerb.self, WireKeeperVerb.self,
    ],
    names: names)

  /// Names for the shell's completion.
  @Sendable
  private static func names(_ kind: Completion, _ words: [String]) async throws -> [String] {
    let place = try Installation()
    guard !place.isEmpty else { return [] }
    switch kind {
    case .infrastructure: return try Controller(place).list().map(\.record.name.description)
    case .node:
      guard let name = words.first else { return [] }
      return try Controller(place).show(name).record.admission.infrastructure.nodes.map(\.name.description)
    case .dynamic("capture"):
      guard let name = words.first else { return [] }
      return CaptureTarget.names(in: try Controller(place).show(name).record.admission.infrastructure)
    case .dynamic("offer"): return try Controller(place).offers().map { "\($0.number)" }
    default: return []
    }
  }
}
