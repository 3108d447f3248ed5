import CommandLine
import Quantities

/// The program, with all its verbs.
public enum VirtCloud {
  public static let program = Program(
    name: "virtcloud", version: Version.current,
    summary: "A logical cloud over a physical grid: from one file to running machines, segments and wires.",
    commands: [
      Up.self, Plan.self, Down.self, Reserve.self, Extend.self, Release.self, Calendar.self, List.self, Show.self,
      Exec.self, WireVerbs.self, SetVerb.self, Top.self, TraceVerb.self, CaptureVerb.self, BenchVerbs.self,
      SubstrateVerbs.self, StoreVerbs.self, ServeVerb.self, HostVerbs.self, EventsVerb.self, OperationVerbs.self,
      Retry.self, Pause.self, Resume.self,
      UsageVerb.self, AuditVerb.self, ProjectVerbs.self, TokenVerbs.self, WhoAmI.self,
      Simulate.self, Convert.self, Doctor.self, GC.self, AgentVerb.self, StopVerb.self,
      Version.self, CompletionCommand.self, WireKeeperVerb.self,
    ],
    names: names)

  /// Names for the shell's completion; none where nobody can be asked.
  @Sendable
  private static func names(_ kind: Completion, _ words: [String]) async throws -> [String] {
    do { return try CompletionNames(CloudAccess.ofEnvironment.reader()).names(kind, words) } catch is Problem {
      return []
    }
  }
}
