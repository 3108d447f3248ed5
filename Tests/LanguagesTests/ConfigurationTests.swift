import Foundation
import Languages
import Quantities
import Testing

/// What configurations mean.
struct ConfigurationTests {
  private func sample(_ path: String) throws -> String {
    try String(decoding: bytes(of: "packaging/\(path)"), as: UTF8.self)
  }

  @Test func whatIsNotWrittenHasItsDefault() throws {
    #expect(try readService("local-agent: true") == ServiceConfiguration())
    #expect(try readAgent("controllers: []") == AgentConfiguration())
    let service = ServiceConfiguration()
    #expect(service.listen.isEmpty && service.socket.path == "/run/virtcloud/control.socket")
    #expect(service.access.anonymous == .none && service.access.localUsers == .user && service.store == .sqlite)
    #expect(service.agents.poll < service.agents.lostAfter && service.agents.lostAfter < service.agents.fenceAfter)
  }

  /// The files of `/etc/virtcloud` name nothing that a fresh machine does not have.
  @Test func theInstalledFilesAreReadOnAnyMachine() throws {
    let service = try ServiceConfigurationReader.read(
      text: bytes(of: "packaging/service.yaml"), file: "service.yaml", environment: [:])
    var expected = ServiceConfiguration()
    expected.listen = [ListenAddress(address: .v6(0), port: 7743)]
    #expect(service == expected)
    let agent = try AgentConfigurationReader.read(
      text: bytes(of: "packaging/agent.yaml"), file: "agent.yaml", environment: [:])
    #expect(agent.controllers == ["https://virtcloud.example.org:7743"])
    #expect(agent.tokenFile == "/etc/virtcloud/agent.token" && agent.stateDirectory == "/var/lib/virtcloud")
  }

  @Test func theLargeExampleSetsEverything() throws {
    let service = try readService(sample("examples/site.service.yaml"))
    #expect(service.name == Name("controller-1") && service.url == "https://virtcloud.example.org:7743")
    #expect(service.listen.map(\.address.description) == ["192.0.2.11", "2001:db8::11"])
    #expect(service.socket.mode == 0o660 && !service.hasLocalAgent)
    var etcd = ServiceConfiguration.EtcdStore(endpoints: (1...3).map { "https://etcd-\($0).example.org:2379" })
    etcd.authority = "/etc/virtcloud/etcd/ca.pem"
    etcd.identity = .init(certificate: "/etc/virtcloud/etcd/client.pem", key: "/etc/virtcloud/etcd/client.key")
    #expect(service.store == .etcd(etcd) && etcd.prefix == "/virtcloud/")
    #expect(
      service.credentials
        == .files(.init(certificate: "/etc/virtcloud/tls/server.pem", key: "/etc/virtcloud/tls/server.key")))
    #expect(service.trust == ["/etc/virtcloud/trust/grid-ca.pem"] && service.revocationLists.count == 1)
    #expect(service.access.users == ["alice": .administrator] && service.access.groups["staff"] == .operator)
    #expect(service.access.certificates.map(\.user) == ["alice", "guest"])
    #expect(service.access.certificates.map { $0.issuer == nil } == [true, false])
    #expect(service.projects.map(\.name.description) == ["chemistry", "teaching"])
    let quota = try #require(service.projects.first).quota
    #expect(quota.cpu == Cores(thousandths: 256_000) && quota.rate == Bitrate(bitsPerSecond: 40_000_000_000))
    #expect(quota.lease == .seconds(30 * 86_400) && quota.memory == ByteCount(bytes: 1 << 40) && quota.vlans == 40)
    #expect(service.projects.last?.quota.cpu == nil && service.projects.last?.quota.nodes == 60)
    #expect(quota.offers == nil && service.projects.last?.quota.offers == 8)
    #expect(service.notices.mail == .init(server: "smtp://mail.example.org:25", from: "virtcloud@example.org"))
    #expect(service.notices.beforeLeaseEnd == [.seconds(3600), .seconds(600)])
    #expect(service.logging.format == .json && service.agents == ServiceConfiguration.AgentTimes())
  }

  @Test func oneValueIsAListOfOne() throws {
    let service = try readService("trust: /a.pem\ntls: {names: cloud}\nnotify: {before-lease-end: 5m}")
    #expect(service.trust == ["/a.pem"] && service.credentials == .own(names: ["cloud"]))
    #expect(service.notices.beforeLeaseEnd == [.seconds(300)])
    #expect(try readService("notify: {before-lease-end: []}").notices.beforeLeaseEnd.isEmpty)
  }

  /// Files are looked for on the machine itself: a file, a folder, nothing.
  @Test func filesAreLookedFor() throws {
    func trust(_ path: String) throws(Problem) -> [String] {
      try ServiceConfigurationReader.read(text: Array("trust: \(path)".utf8), file: "f", environment: [:]).trust
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "vct-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // a folder in the temporary one, no more
    let file = folder.appending(path: "ca.pem")
    try Data("x".utf8).write(to: file)
    #expect(try trust(file.path) == [file.path])
    let isFolder = #expect(throws: Problem.self) { try trust(folder.path) }
    #expect(isFolder?.code == "unreadable-file" && isFolder?.message.contains("not a regular file") == true)
    let isMissing = #expect(throws: Problem.self) { try trust(folder.path + "/none.pem") }
    #expect(isMissing?.message.contains("does not exist") == true && isMissing?.location == "f:1:8")
  }
}
