import Glibc
import Testing

extension EndToEnd {
  /// Each has one fault; the answer is the right exit status and one error that names object and remedy.
  @Test(arguments: BadInput.all)
  func badInputGetsAClearAnswer(_ input: BadInput) throws {
    try TestInstallation.with { cloud in
      let run = try cloud.run(["up", "-t", "-"], input: input.text)
      #expect(run.status == input.status, "\(run.error)")
      #expect(run.output == "")
      try expectOneProblem(run, naming: input.object)
      #expect(try cloud.succeed("list", "-f", "csv").split(separator: "\n").count <= 1)
    }
  }

  private func expectOneProblem(
    _ run: CommandRun, naming object: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = run.error.split(separator: "\n")
    #expect(lines.filter { $0.contains("error:") }.count == 1, "\(run.error)", sourceLocation: location)
    #expect(lines.filter { $0.hasPrefix("  try: ") }.count == 1, "\(run.error)", sourceLocation: location)
    #expect(run.error.contains(object), "\(run.error)", sourceLocation: location)
  }

  @Test func missingFile() throws {
    try TestInstallation.with { cloud in
      let run = try cloud.run(["up", "-t", "nothing.vc.yaml"])
      #expect(run.status == 4)
      try expectOneProblem(run, naming: "nothing.vc.yaml")
      let none = try cloud.run(["up"])
      #expect(none.status == 2)
      try expectOneProblem(none, naming: "*.vc.yaml")
    }
  }

  /// Two at once: one waits for the other, and both are there in the end.
  @Test func twoAtOnce() throws {
    try TestInstallation.with { cloud in
      let texts = [Files.lan("one", 3), Files.lan("two", 3), Files.lan("one", 3)]
      let runs = try texts.map { try cloud.start(["up", "-t", "-"], input: $0) }
      for run in runs {
        let ended = try run.wait()
        #expect(ended.status == 0, "\(ended.error)")
      }
      #expect(try cloud.rows("one").count == 3 && cloud.rows("two").count == 3)
      #expect(try cloud.reaches("one", "m1", "m3") && cloud.reaches("two", "m1", "m3"))
    }
  }

  /// Without root nothing is built; what only reads says what it may not.
  @Test func withoutRoot() throws {
    try TestInstallation.with { cloud in
      chmod(cloud.folder, 0o755)
      let nobody = ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
      let verbs = [["up", "-t", "-"], ["down", "--all"], ["gc"], ["exec", "a", "b", "--", "true"]]
      for verb in verbs {
        let run = try CommandRun.run(
          nobody + [TestInstallation.program] + verb, input: Files.lan("one", 2),
          environment: ["VIRTCLOUD_STATE": cloud.state])
        #expect(run.status == 5, "\(verb): \(run.error)")
        try expectOneProblem(run, naming: "root")
      }
      #expect(access(cloud.state, F_OK) != 0)
      let doctor = try CommandRun.run(
        nobody + [TestInstallation.program, "doctor"], environment: ["VIRTCLOUD_STATE": cloud.state])
      #expect(doctor.status == 1 && doctor.output.contains("root"))
    }
  }

  /// No room for the state: nothing is built, and with room again all goes on.
  @Test func diskFull() throws {
    try TestInstallation.with { cloud in
      mkdir(cloud.state, 0o700)
      try #require(mount("none", cloud.state, "tmpfs", 0, "size=512k,mode=700") == 0)
      defer { umount(cloud.state) }
      try fill(cloud.state + "/filler")
      let first = try cloud.run(["up", "-t", "-"], input: Files.lan("one", 2))
      #expect(first.status == 1, "\(first.error)")
      try expectOneProblem(first, naming: cloud.state)
      #expect(try cloud.machines().isEmpty)

      unlink(cloud.state + "/filler")
      try cloud.up(Files.lan("one", 2))
      try fill(cloud.state + "/filler")
      let many = try cloud.run(["up", "-t", "-"], input: Files.lan("many", 30))
      #expect(many.status == 1, "\(many.error)")
      try expectOneProblem(many, naming: cloud.state)
      #expect(try cloud.machines().count == 1)
      unlink(cloud.state + "/filler")
      #expect(try cloud.run(["show", "many"]).status == 4)
      #expect(try cloud.reaches("one", "m1", "m2"))
      try cloud.succeed("down", "--all", "--yes")
      // It keeps its files open, and so the file system.
      try cloud.succeed("stop")
    }
  }

  /// Writes until nothing more goes in.
  private func fill(_ path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    let page = [UInt8](repeating: 1, count: 4096)
    while write(file, page, page.count) > 0 {}
    #expect(errno == ENOSPC)
  }

  /// State that a newer version wrote is left alone.
  @Test func newerState() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Files.lan("one", 2))
      try cloud.succeed("stop")
      let before = try setVersion(999, cloud)
      let run = try cloud.run(["up", "-t", "-"], input: Files.lan("two", 2))
      #expect(run.status == 1)
      try expectOneProblem(run, naming: cloud.state + "/state.db")
      #expect(try cloud.machines().count == 1)
      _ = try setVersion(before, cloud)
      #expect(try cloud.succeed("list").contains("one"))
    }
  }

  /// Sets the file's version and gives what it was.
  private func setVersion(_ version: Int, _ cloud: TestInstallation) throws -> Int {
    let script = """
      import sqlite3, sys
      c = sqlite3.connect(sys.argv[1], isolation_level=None)
      print(c.execute('pragma user_version').fetchone()[0])
      c.execute('pragma user_version = ' + sys.argv[2])
      """
    let run = try CommandRun.run(["/usr/bin/python3", "-c", script, cloud.state + "/state.db", "\(version)"])
    return try #require(Int(run.output.dropLast()), "\(run.error)")
  }
}

/// A file with one fault.
struct BadInput: Sendable, CustomTestStringConvertible {
  var title: String
  var text: String
  var status: Int32 = 2
  /// What the message must name.
  var object: String
  var testDescription: String { title }

  private static func lab(_ title: String, _ rest: String, _ object: String, _ status: Int32 = 2) -> BadInput {
    BadInput(title: title, text: "name: lab\nnodes: {a: {}, b: {}}\n" + rest, status: status, object: object)
  }

  private static func lan(_ title: String, _ settings: String, _ object: String, _ status: Int32 = 2) -> BadInput {
    lab(title, "segments: {lan: {members: [a, b], \(settings)}}\n", object, status)
  }

  private static func named(_ title: String, _ name: String, _ object: String) -> BadInput {
    BadInput(title: title, text: "name: \(name)\nnodes: {a: {}}\n", object: object)
  }

  static let all = [
    BadInput(title: "not YAML", text: "name: lab\nnodes: {a: [1, 2}\n", object: "standard input"),
    BadInput(title: "nothing", text: "", object: "standard input"),
    BadInput(title: "duplicate names", text: "name: lab\nnodes: {a: {}, a: {}}\n", object: "'a'"),
    lab("a wire to nobody", "wires: [{ends: [a, zed]}]\n", "zed"),
    BadInput(
      title: "too much for any host", text: "name: lab\nnodes: {a: {memory: 4TiB}}\n", status: 3, object: "node a"),
    BadInput(
      title: "a site that is not there", text: "name: lab\nnodes: {a: {site: atlantis}}\n", status: 4,
      object: "atlantis"),
    lab(
      "an address used twice",
      "segments: {lan: {members: [{node: a, address: 10.0.0.1}, {node: b, address: 10.0.0.1}], addresses: 10.0.0.0/24}}\n",
      "10.0.0.1"),
    lan("a prefix too small", "addresses: 10.0.0.1/32", "10.0.0.1/32"),
    named("a name with a space", "\"my lab\"", "my lab"),
    named("a name with a quote", "\"my'lab\"", "my'lab"),
    named("a long name", String(repeating: "a", count: 300), "aaaa"),
    named("a name of other letters", "\"лаб\"", "лаб"),
    named("a name that climbs", "\"../../etc\"", "../../etc"),
    named("a name like an option", "\"--all\"", "--all"),
    lan("a rate of nothing", "rate: 0Mbit/s", "0Mbit/s"),
    lan("a rate below nothing", "rate: -5Mbit/s", "-5Mbit/s"),
    lan("a rate beyond reason", "rate: 1000000000000000000000000000000bit/s", "1000000000000000000000000000000bit/s"),
  ]
}
