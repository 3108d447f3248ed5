import Testing

extension EndToEnd {
  /// The whole life on the examples.
  @Test func wholeLife() throws {
    let examples = TestInstallation.examples
    let substrate = try TemporaryFolder.read(examples + "/metacenter.substrate.yaml")
    try TestInstallation.with(substrate: substrate) { cloud in
      let lab = examples + "/mpi-lab.vc.yaml"
      try cloud.succeed("up", "-t", lab)
      #expect(try cloud.succeed("list").contains("mpi-lab"))
      let shown = try cloud.succeed("show", "mpi-lab", "-f", "json")
      #expect(shown.contains("\"worker6\"") && shown.contains("\"pilsen\"") && shown.contains("10.1.0."))
      try connectivity(cloud)
      try executions(cloud)

      let before = (try cloud.machines(), try cloud.linkIndexes())
      try cloud.succeed("up", "-t", lab)
      #expect(try cloud.machines() == before.0 && cloud.linkIndexes() == before.1)

      try cloud.succeed("down", "mpi-lab", "--yes")
      #expect(try cloud.machines().isEmpty)
      #expect(!(try cloud.succeed("list").contains("mpi-lab")))
      #expect(!(try cloud.succeed("substrate", "vlans").contains("mpi-lab")))
      #expect(try cloud.run(["show", "mpi-lab"]).status == 4)
      #expect(try cloud.run(["down", "mpi-lab", "--yes"]).status == 0)
    }
  }

  private func connectivity(_ cloud: TestInstallation) throws {
    #expect(try cloud.reaches("mpi-lab", "worker1", "worker6"))
    #expect(try cloud.reaches("mpi-lab", "worker1", "10.1.0.3"))
    #expect(try cloud.exec("mpi-lab", "worker1", "ping", "-6", "-q", "-c", "1", "-w", "4", "worker4").status == 0)
    // Through the router and over the wire, and back.
    #expect(try cloud.reaches("mpi-lab", "worker1", "far"))
    #expect(try cloud.reaches("mpi-lab", "far", "worker2"))
  }

  private func executions(_ cloud: TestInstallation) throws {
    let run = try cloud.shell("mpi-lab", "worker2", "hostname; echo fault >&2; exit 7")
    #expect(run.status == 7 && run.output == "worker2\n" && run.error == "fault\n")
    let read = try cloud.run(["exec", "mpi-lab", "worker2", "--", "cat"], input: "from stdin\n")
    #expect(read.status == 0 && read.output == "from stdin\n")
    #expect(try cloud.exec("mpi-lab", "worker2", "sh", "-c", "kill -9 $$").status == 137)
    #expect(try cloud.exec("mpi-lab", "nobody", "true").status == 4)
    #expect(try cloud.exec("mpi-lab", "worker2", "/no/such/program").status == 127)
  }

  /// One machine more adds only that machine.
  @Test func oneMachineMore() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Files.lan("one", 2))
      let before = (try cloud.machines(), try cloud.linkIndexes())
      try cloud.up(Files.lan("one", 3))
      let after = (try cloud.machines(), try cloud.linkIndexes())
      #expect(after.0[1]?.count == 3)
      for (key, pid) in before.0[1] ?? [:] { #expect(after.0[1]?[key] == pid) }
      for (name, index) in before.1 { #expect(after.1[name] == index) }
      #expect(try cloud.reaches("one", "m1", "m3"))
      try cloud.up(Files.lan("one", 2))
      #expect(try cloud.machines() == before.0)
      #expect(try cloud.linkIndexes() == before.1)
    }
  }
}
