import Glibc
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// What is not ours stays as it is, even where it is named like ours.
  @Test func foreignThingsStayAsTheyAre() throws {
    try TestInstallation.with { cloud in
      let foreign = try Foreign(cloud.realm.namespacePrefix)
      defer { foreign.remove() }
      let before = try foreign.look()
      try cloud.up(Files.lan("one", 2))
      #expect(try foreign.look() == before)
      try cloud.succeed("down", "--all", "--yes")
      #expect(try cloud.run(["gc", "--dry-run"]).error.contains("nothing is left over"))
      try cloud.succeed("gc")
      #expect(try foreign.look() == before)
    }
  }

  /// A bridge, two namespaces with an address in each, a firewall table and control groups of somebody else.
  private struct Foreign {
    let name = KernelTest.uniqueName("vct")
    let namespaces: [String]
    let groups: [String]

    init(_ prefix: String) throws {
      let name = name
      namespaces = ["vc-\(name)", "\(prefix)foreign"]
      let root = "/sys/fs/cgroup"
      let roots = access(root + "/cgroup.procs", F_OK) == 0 ? [root] : ["pids", "memory"].map { "\(root)/\($0)" }
      groups = (roots.map { "\($0)/virtcloud-\(name)" }).filter { mkdir($0, 0o755) == 0 }
      for namespace in namespaces {
        _ = try NetworkNamespace.create(named: namespace)
        try run("ip", "-n", namespace, "addr", "add", "10.9.0.1/24", "dev", "lo")
      }
      try run("ip", "link", "add", name, "type", "bridge")
      try run("ip", "link", "set", name, "alias", "virtcloud cable of somebody else")
      try run("nft", "add table inet \(name); add chain inet \(name) c; add rule inet \(name) c counter")
    }

    @discardableResult
    private func run(_ words: String...) throws -> String {
      let run = try CommandRun.run(words)
      try #require(run.status == 0, "\(words): \(run.error)")
      return run.output
    }

    /// All of it as text.
    func look() throws -> [String] {
      var texts = [try run("ip", "-d", "link", "show", name), try run("nft", "list", "table", "inet", name)]
      for namespace in namespaces { texts.append(try run("ip", "-n", namespace, "-d", "addr")) }
      return texts + groups.map { "\($0): \(TemporaryFolder.names($0))" }
        + [try run("ip", "-o", "link"), try run("ip", "-o", "addr"), try run("ip", "route", "show", "table", "all")]
    }

    func remove() {
      for namespace in namespaces { _ = try? NetworkNamespace.delete(named: namespace) }
      _ = try? run("ip", "link", "del", name)
      _ = try? run("nft", "delete table inet \(name)")
      for group in groups { rmdir(group) }
    }
  }
}
