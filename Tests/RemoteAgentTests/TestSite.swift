import API
import FoundationEssentials
import Glibc
import Linux
import Planning
import Quantities
import TestSupport
import Testing

/// A controller and hosts, each in a network namespace of its own, a network for management, and a bridge as the
/// physical switch between the hosts' `eth1`.
final class TestSite {
  let folder: String
  private let tag: String
  private(set) var controller: TestProcess?
  private(set) var port = ""
  private(set) var hosts: [TestHost] = []

  static let program: String = {
    if let path = getenv("VIRTCLOUD_BINARY") { return String(cString: path) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/virtcloud"
  }()
  private static let script =
    #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/FakeController/controller.py"

  private init() throws {
    var template = Array("/var/tmp/vca-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SystemError(operation: "make folder", object: "/var/tmp", errno: errno)
    }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    tag = KernelTest.uniqueName("vca-")
  }

  /// Runs `body` with a site of so many hosts, called h1, h2 and so on; takes everything away and counts what is left.
  ///
  /// - Parameter controller: Starts another controller than the played one: gives its port.
  static func with(
    hosts count: Int, files: [String: String] = [:], controller: ((TestSite) throws -> String)? = nil,
    _ body: (TestSite) throws -> Void
  ) throws {
    let site = try TestSite()
    defer { site.remove() }
    for (name, text) in files { try site.write(text, to: name) }
    try site.make(count)
    if let controller { site.port = try controller(site) } else { try site.startController() }
    let result = Result { try body(site) }
    for host in site.hosts { try host.takeDown() }
    try result.get()
  }

  var controllerNamespace: String { tag + "-c" }
  var address: String { "https://10.99.0.1:\(port)" }
  var fingerprint: String { read("authority.sha256") }

  private func make(_ count: Int) throws {
    let c = controllerNamespace
    try shell("ip netns add \(c)")
    try shell(
      """
      ip -n \(c) link set lo up
      for b in mg sw; do ip -n \(c) link add $b type bridge; ip -n \(c) link set $b up; done
      ip -n \(c) addr add 10.99.0.1/24 dev mg
      """)
    for number in 1...max(1, count) where number <= count {
      let n = "\(tag)-\(number)"
      try shell(
        """
        ip netns add \(n)
        ip -n \(n) link set lo up
        ip -n \(n) link add mgmt type veth peer name m\(number) netns \(c)
        ip -n \(n) link add eth1 type veth peer name p\(number) netns \(c)
        ip -n \(c) link set m\(number) master mg up
        ip -n \(c) link set p\(number) master sw up
        ip -n \(n) link set mgmt up
        ip -n \(n) link set eth1 up
        ip -n \(n) addr add 10.99.0.1\(number)/24 dev mgmt
        ip -n \(n) addr add 172.16.0.\(number)/24 dev eth1
        """)
      hosts.append(TestHost(self, "h\(number)", namespace: n, port: "m\(number)"))
    }
    let tokens = Dictionary(uniqueKeysWithValues: hosts.map { ("token-\($0.name)", $0.name) })
    try write(String(decoding: try JSONEncoder().encode(tokens), as: UTF8.self), to: "tokens.json")
  }

  private func startController() throws {
    controller = try TestProcess(
      Self.entering(controllerNamespace) + ["/usr/bin/python3", Self.script, folder, "10.99.0.1"],
      output: folder + "/controller.out")
    try #require(eventually(30) { access(folder + "/port", F_OK) == 0 }, "\(controller?.output ?? "")")
    port = read("port")
  }

  /// A command that runs in a named network namespace without another view of the file system.
  static func entering(_ namespace: String) -> [String] {
    ["/usr/bin/nsenter", "--net=/run/netns/\(namespace)"]
  }

  private func remove() {
    for host in hosts { host.kill() }
    controller?.signal(SIGKILL)
    _ = try? controller?.wait()
    for host in hosts { _ = try? NetworkNamespace.delete(named: host.namespace) }
    _ = try? NetworkNamespace.delete(named: controllerNamespace)
    try? FileManager.default.removeItem(atPath: folder)
  }

  @discardableResult
  func shell(_ script: String) throws -> String {
    let (output, status) = try TestProcess.run(["/bin/sh", "-ec", script], in: folder)
    try #require(status == 0, "\(script): \(output)")
    return output
  }

  func write(_ text: String, to name: String) throws {
    let path = folder + "/" + name
    let file = try Descriptor(opening: path + ".tmp", O_WRONLY | O_CREAT | O_TRUNC)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(
        try check(rest.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) }, "write", path))
    }
    try check(rename(path + ".tmp", path), "rename", path)
  }

  func removeFile(_ name: String) { unlink(folder + "/" + name) }
  func read(_ name: String) -> String { (try? TextFile.read(folder + "/" + name)) ?? "" }

  /// Gives the hosts what they shall do.
  func serve(_ documents: [PlansDocument]) throws {
    let byHost = Dictionary(uniqueKeysWithValues: documents.map { ("\($0.host)", $0) })
    try write(String(decoding: try JSONEncoder().encode(byHost), as: UTF8.self), to: "plans.json")
  }

  /// Requests whose paths contain `words`, by host.
  func requests(_ words: String, of host: String) -> [Request] {
    read("log.jsonl").split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Request.self, from: Data($0.utf8))
    }.filter { $0.path.contains(words) && $0.host == host }
  }

  struct Request: Decodable {
    var time: Double
    var path: String
    var host: String?
    var body: AgentReport?

    private enum Key: CodingKey { case time, path, host, body }
    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      time = try values.decode(Double.self, forKey: .time)
      path = try values.decode(String.self, forKey: .path)
      host = try values.decodeIfPresent(String.self, forKey: .host)
      body = path.hasSuffix("/reports") ? try values.decodeIfPresent(AgentReport.self, forKey: .body) : nil
    }
  }

  /// The last report of a host.
  func report(of host: String) -> AgentReport? { requests("/reports", of: host).last?.body }

  /// Waits until a host has reported that it applied a generation without a problem.
  func awaits(_ generation: UInt64, of host: TestHost, location: SourceLocation = #_sourceLocation) throws {
    let isDone = eventually(30) {
      report(of: host.name).map { $0.generation >= generation && $0.problem == nil } ?? false
    }
    try #require(isDone, "\(host.log)", sourceLocation: location)
  }
}

/// A host of a test's site, with its agent.
final class TestHost {
  let name: String
  let namespace: String
  private let site: TestSite
  /// The switch's port of the network for management.
  private let port: String
  let state: String
  var token: String
  private(set) var agent: TestProcess?
  private var logs = 0

  init(_ site: TestSite, _ name: String, namespace: String, port: String) {
    self.site = site
    self.name = name
    self.namespace = namespace
    self.port = port
    state = site.folder + "/state-" + name
    token = "token-" + name
  }

  var realm: Realm { Realm(stateDirectory: state) }
  var log: String { agent?.output ?? "" }

  /// Starts the agent, with what is needed to enrol unless other arguments are given.
  @discardableResult
  func start(_ arguments: [String]? = nil) throws -> TestProcess {
    logs += 1
    let usual = ["--controller", site.address, "--token", token, "--fingerprint", site.fingerprint]
    let process = try TestProcess(
      TestSite.entering(namespace) + [TestSite.program, "agent", "--state", state, "--name", name]
        + (arguments ?? usual),
      output: site.folder + "/agent-\(name)-\(logs).out")
    agent = process
    return process
  }

  /// Ends the agent as a crash would.
  func kill() {
    agent?.signal(SIGKILL)
    _ = try? agent?.wait()
    agent = nil
  }

  /// Cuts the host off from the controller, or ends that.
  func cut(_ isCut: Bool) throws {
    try site.shell("ip -n \(site.controllerNamespace) link set \(port) \(isCut ? "down" : "up")")
  }

  func shell(_ script: String) throws -> (output: String, status: Int32) {
    try TestProcess.run(TestSite.entering(namespace) + ["/bin/sh", "-c", script], in: site.folder)
  }

  /// Runs a command in the network namespace of a machine that the agent reported, by its infrastructure's number.
  func inMachine(_ number: UInt32, _ command: String...) throws -> TestProcess {
    let machines = site.requests("/reports", of: name).compactMap { $0.body?.running["\(number)"] }.last
    let pid = try #require(machines?.values.first, "no machine of \(number) on \(name)")
    return try TestProcess(
      ["/usr/bin/nsenter", "-t", "\(pid)", "-n"] + command,
      output: site.folder + "/machine-\(UInt64.random(in: 0..<UInt64.max))")
  }

  /// Namespaces of devices that the agent made.
  var devices: [String] { (try? NetworkNamespace.names(prefix: realm.namespacePrefix)) ?? [] }

  /// Ends the agent, and what it left running.
  func takeDown() throws {
    kill()
    guard !devices.isEmpty || access(state, F_OK) == 0 else { return }
    let (output, status) = try TestProcess.run(
      TestSite.entering(namespace) + [TestSite.program, "agent", "--clear", "--state", state], in: site.folder)
    #expect(status == 0, "\(output)")
    #expect(devices.isEmpty)
    #expect(try shell("ip -o link").output.contains(": vc") == false)
    try? FileManager.default.removeItem(atPath: "/run/virtcloud-\(realm.tag)")
  }
}
