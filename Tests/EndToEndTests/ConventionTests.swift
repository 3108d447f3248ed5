import CYAML
import Foundation
import Glibc
import Testing

extension EndToEnd {
  /// Every format can be parsed, and tells the same lines.
  @Test func formatsParse() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Files.lan("one", 3, sites: ["east", "west"]))
      for verb in [
        ["show", "one"], ["list"], ["substrate", "show"], ["substrate", "show", "--links"],
        ["substrate", "vlans"], ["doctor"],
      ] {
        let json = try cloud.run(verb + ["-f", "json"]).output
        let lines = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(!lines.isEmpty)
        let yaml = try cloud.run(verb + ["-f", "yaml"]).output
        #expect(isYAML(yaml), "\(yaml)")
        let script = "import csv, sys; print(*sorted({len(r) for r in csv.reader(sys.stdin)}))"
        let csv = try CommandRun.run(
          ["/usr/bin/python3", "-c", script], input: try cloud.run(verb + ["-f", "csv"]).output)
        #expect(csv.output == "\(lines[0].count)\n", "\(verb): \(csv.output) \(csv.error)")
      }
    }
  }

  /// True where libyaml reads it to its end.
  private func isYAML(_ text: String) -> Bool {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return false }
    defer { yaml_parser_delete(&parser) }
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { input in
      yaml_parser_set_input_string(&parser, input.baseAddress, input.count)
      while true {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return false }
        defer { yaml_event_delete(&event) }
        if event.type == YAML_STREAM_END_EVENT { return true }
      }
    }
  }

  /// `--dry-run` says what would be done, and does nothing.
  @Test func dryRunChangesNothing() throws {
    try TestInstallation.with { cloud in
      let run = try cloud.run(["up", "-t", "-", "--dry-run"], input: Files.lan("one", 2))
      #expect(run.status == 0 && run.output.contains("10.9.0.1"))
      let plan = try cloud.run(["plan", "-t", "-"], input: Files.lan("one", 2))
      #expect(plan.status == 0, "\(plan.error)")
      #expect(access(cloud.state, F_OK) != 0 && access(cloud.runFolder, F_OK) != 0)
      #expect(try cloud.leftovers() == [])

      try cloud.up(Files.lan("one", 2))
      let before = (try cloud.machines(), try cloud.linkIndexes())
      try cloud.succeed("down", "--all", "--dry-run")
      _ = try cloud.run(["up", "-t", "-", "--dry-run"], input: Files.lan("one", 3))
      try cloud.succeed("gc", "--dry-run")
      #expect(try cloud.machines() == before.0 && cloud.linkIndexes() == before.1)
    }
  }

  /// The only *.vc.yaml of a folder needs no name; of two, one must be named.
  @Test func findsTheFileByItself() throws {
    try TestInstallation.with { cloud in
      try cloud.write(Files.lan("found", 2), to: "found.vc.yaml")
      try cloud.succeed("up")
      #expect(try cloud.rows("found").count == 2)
      try cloud.write(Files.lan("other", 2), to: "other.vc.yaml")
      let run = try cloud.run(["up"])
      #expect(run.status == 2 && run.error.contains("other.vc.yaml"))
    }
  }

  /// Who reads only the beginning ends the writer without a word of complaint.
  @Test func brokenPipe() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Files.lan("one", 30))
      let script = "'\(TestInstallation.program)' show one -f json | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}"
      let run = try CommandRun.run(["bash", "-c", script], environment: ["VIRTCLOUD_STATE": cloud.state])
      #expect(run.error == "")
      #expect(["0\n", "141\n"].contains(run.output))
    }
  }

  /// With a terminal, a node's command gets one too; its exit status is still told.
  @Test func terminalIsPassedOn() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Files.lan("one", 1))
      let inside =
        "'\(TestInstallation.program)' exec one m1 -- sh -c 'test -t 0 && test -t 1 && echo terminal; exit 3'"
      let run = try CommandRun.run(
        ["script", "-qec", inside, "/dev/null"], environment: ["VIRTCLOUD_STATE": cloud.state, "SHELL": "/bin/sh"])
      #expect(run.status == 3 && run.output.contains("terminal"), "\(run.status) \(run.output) \(run.error)")
    }
  }

  /// The shell takes what completes for it; names of what runs are offered.
  @Test func completes() throws {
    try TestInstallation.with { cloud in
      let script = try cloud.succeed("completion", "bash")
      let run = try CommandRun.run(["bash", "-n"], input: script)
      #expect(run.status == 0 && script.count > 100, "\(run.error)")
    }
  }
}
