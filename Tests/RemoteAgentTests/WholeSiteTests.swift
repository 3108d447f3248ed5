import Controller
import Glibc
import Infrastructure
import Linux
import Quantities
import TestSupport
import Testing

/// The engine, the routes, TLS and agents in namespaces: all of it as on a site.
@Suite(KernelTest.requireRoot, .serialized) struct WholeSiteTests {
  private let lab = """
    name: lab
    nodes:
      a: {cpu: 0.1, memory: 64MiB}
      b: {cpu: 0.1, memory: 64MiB}
    segments:
      lan: {members: [a, b], addresses: 10.5.1.0/24}
    """

  /// Process ids of machines on a host, by its control groups.
  private func machines(_ host: TestHost) -> Int {
    let found = try? host.shell(
      "find /sys/fs/cgroup -maxdepth 5 -path '*\(host.realm.cgroupFolder)/*/*' -type d | wc -l")
    let isThere = Int(found?.output.filter(\.isNumber) ?? "") ?? 0
    return isThere > 0 ? 1 : 0
  }

  private func ping(from host: TestHost, to address: String, _ controller: RealController) throws -> Bool {
    guard let number = controller.record("lab")?.admission.number,
      let pid = controller.cloud.view.record(try Name(parsing: "lab")).flatMap({ _ in
        try? controller.cloud.view.infrastructure(Name(parsing: "lab"))
      })?.running.first(where: { controller.host(of: "\($0.key)", "lab") == host.name })?.value, number > 0
    else { return false }
    return try TestProcess.run(
      ["/usr/bin/nsenter", "-t", "\(pid)", "-n", "/bin/ping", "-q", "-c", "3", "-i", "0.2", "-W", "1", address],
      in: "/tmp"
    ).status == 0
  }

  @Test func machinesOfALostHostRunElsewhereExactlyOnce() throws {
    try RealController.withSite(hosts: 3) { site, controller in
      try controller.build(lab, restarts: true)
      try #require(
        eventually(30) { controller.record("lab")?.standing.phase == .running },
        "\(site.hosts.map(\.log)) \(String(describing: controller.record("lab")?.standing))")
      let first = try #require(site.hosts.first { $0.name == controller.host(of: "a", "lab") })
      let other = try #require(site.hosts.first { $0.name == controller.host(of: "b", "lab") })
      #expect(first !== other)
      #expect(eventually(10) { (try? ping(from: first, to: "10.5.1.2", controller)) ?? false })
      try other.cut(true)
      // Never more than two machines anywhere, whatever the engine believes.
      var most = 0
      let isElsewhere = eventually(40) {
        most = max(most, site.hosts.map(machines).reduce(0, +))
        let place = controller.host(of: "b", "lab")
        return place != other.name && controller.record("lab")?.standing.phase == .running
      }
      try #require(
        isElsewhere,
        "\(String(describing: controller.record("lab")?.standing)) \(controller.host(of: "b", "lab") ?? "") \(site.hosts.map(\.log))"
      )
      #expect(most == 2)
      #expect(machines(other) == 0)
      #expect(eventually(10) { (try? ping(from: first, to: "10.5.1.2", controller)) ?? false })
      try other.cut(false)
      #expect(
        eventually(20) {
          controller.cloud.view.standing(of: (try? Name(parsing: other.name)) ?? ThisMachine.name).state == .ready
        })
      sleep(3)
      #expect(site.hosts.map(machines).reduce(0, +) == 2)
      try controller.order(.end(Name(parsing: "lab")))
      #expect(eventually(20) { controller.record("lab") == nil && site.hosts.allSatisfy { machines($0) == 0 } })
    }
  }

  @Test func aKilledAgentIsMissedAndItsMachinesStayForItsReturn() throws {
    try RealController.withSite(hosts: 2) { site, controller in
      try controller.build(lab)
      try #require(
        eventually(30) { controller.record("lab")?.standing.phase == .running }, "\(site.hosts.map(\.log))")
      let host = site.hosts[1]
      let name = try Name(parsing: host.name)
      host.kill()
      #expect(eventually(10) { controller.cloud.view.standing(of: name).state == .lost })
      #expect(machines(host) == 1)
      #expect(controller.record("lab")?.standing.cause?.contains("lost") == true)
      try host.start([])
      #expect(eventually(10) { controller.cloud.view.standing(of: name).state == .ready }, "\(host.log)")
      #expect(machines(host) == 1)
      try controller.order(.end(Name(parsing: "lab")))
      #expect(eventually(20) { controller.record("lab") == nil && machines(host) == 0 })
    }
  }
}
