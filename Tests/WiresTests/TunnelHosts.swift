import Glibc
import Linux
import Planning
import Quantities
import TestSupport
import Testing
import Wires

/// Two hosts, namespaces with a cable between them (or a translating router), and an installation of their own.
final class TunnelHosts {
  let folder: String
  let state: String
  let places: TunnelPlaces
  private let run: String
  /// Names of the namespaces; the router's is last, if there is one.
  let names: [String]
  private var keepers: [pid_t] = []

  private init(withRouter: Bool) throws {
    var template = Array("/var/tmp/vct-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SystemError(operation: "make folder", object: "/var/tmp", errno: errno)
    }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    state = folder + "/state"
    run = "/run/virtcloud-\(Realm(stateDirectory: state).tag)"
    places = TunnelPlaces(runDirectory: run)
    names = (withRouter ? ["a", "b", "r"] : ["a", "b"]).map { KernelTest.uniqueName() + $0 }
  }

  /// Runs `body` and takes everything away; at most one keeper is left to be ended.
  static func with(router: Bool = false, _ body: (TunnelHosts) throws -> Void) throws {
    let hosts = try TunnelHosts(withRouter: router)
    let result = Result {
      try hosts.build()
      try body(hosts)
    }
    try hosts.takeDown()
    try result.get()
  }

  /// The address of a host on the cable.
  func address(_ host: Int) throws -> IPAddress {
    try IPAddress(parsing: names.count == 3 ? "10.98.\(host).1" : "10.98.0.\(host + 1)")
  }

  /// Both ends of a wire; host 0 connects. Its taps are made by `makeTaps`.
  func wire(_ key: String, port: UInt16, keysOf responderKeys: String? = nil) throws -> [TunnelSpec] {
    try [0, 1].map { host in
      TunnelSpec(
        label: "test/\(key)", key: key, namespace: "/run/netns/\(names[host])", local: try address(host),
        remote: try address(1 - host), port: port, role: host == 0 ? .initiator : .responder, device: "t\(key)",
        mtu: 1500, keyDirectory: host == 1 ? responderKeys ?? folder + "/keys" : folder + "/keys")
    }
  }

  /// Makes the taps of a wire: 10.99.`number`.1 at host 0, .2 at host 1.
  func makeTaps(_ key: String, number: Int) throws {
    for host in 0...1 {
      let name = names[host]
      try ip("-n", name, "tuntap", "add", "dev", "t\(key)", "mode", "tap")
      try ip("-n", name, "addr", "add", "10.99.\(number).\(host + 1)/24", "dev", "t\(key)")
      try ip("-n", name, "link", "set", "t\(key)", "up")
    }
  }

  /// True where a ping from host 0 through a wire comes back before the time is up.
  func pings(number: Int, within seconds: Int) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    repeat {
      // It waits for at most a second itself.
      if (try? ip("netns", "exec", names[0], "ping", "-c", "1", "-W", "1", "10.99.\(number).2")) != nil { return true }
    } while ContinuousClock.now < end
    return false
  }

  /// Writes the list and sees to a keeper.
  func want(_ specs: [TunnelSpec]) throws {
    try TunnelList.write(specs, to: places.wanted)
    try TunnelKeeper.ensure(places) {
      let null = try Descriptor(opening: "/dev/null", O_RDWR)
      keepers.append(
        try ProcessRun.start(Self.program, ["virtcloud", "wire-keeper", "--state", state], output: null.rawValue))
    }
  }

  /// Waits until all ends that the report has are in a state, `count` of them.
  func await(_ state: TunnelStatus.State, _ count: Int, within seconds: Int = 15) throws -> [TunnelStatus] {
    let report = try TunnelReport.wait(places, for: .seconds(seconds)) { report in
      report.map { $0.tunnels.count == count && $0.tunnels.allSatisfy { $0.state == state } } ?? false
    }
    let tunnels = report?.tunnels ?? []
    #expect(tunnels.count == count && tunnels.allSatisfy { $0.state == state }, "\(tunnels)")
    return tunnels
  }

  /// Waits until no keeper lives, and takes them off the list: the last one's exit status.
  @discardableResult
  func awaitEnd(within seconds: Int = 8) throws -> Int32? {
    let report = try TunnelReport.wait(places, for: .seconds(seconds)) { $0 == nil }
    #expect(report == nil, "the keeper did not end: \(report.debugDescription)")
    if report != nil { for keeper in keepers { kill(keeper, SIGKILL) } }
    var last: Int32?
    for keeper in keepers { last = try ProcessRun.wait(for: keeper) }
    keepers = []
    return last
  }

  /// Processes that run in the hosts' namespaces.
  func processes() throws -> [pid_t] {
    let wanted = try Set(names.map { try NetworkNamespace.open(named: $0).identity })
    return try Self.folders("/proc").compactMap { pid_t($0) }.filter { process in
      guard let namespace = try? NetworkNamespace.open(process: process) else { return false }
      return wanted.contains(namespace.identity)
    }
  }

  func ip(_ arguments: String...) throws { try ProcessRun.spawn("/bin/ip", ["ip"] + arguments) }

  private func build() throws {
    for name in names { try ip("netns", "add", name) }
    if names.count == 2 {
      try cable(0, "10.98.0.1/24", 1, "10.98.0.2/24")
    } else {
      try cable(0, "10.98.0.1/24", 2, "10.98.0.254/24")
      try cable(1, "10.98.1.1/24", 2, "10.98.1.254/24")
      try ip("-n", names[0], "route", "add", "default", "via", "10.98.0.254")
      try NetworkNamespace.open(named: names[2]).writeSysctl("net/ipv4/ip_forward", "1")
      let rules = """
        table ip nat { chain out { type nat hook postrouting priority 100;
          ip saddr 10.98.0.0/24 masquerade to :20000-30000; }; }
        """
      try ip("netns", "exec", names[2], "nft", rules)
    }
  }

  private func cable(_ first: Int, _ firstAddress: String, _ second: Int, _ secondAddress: String) throws {
    let (one, two) = ("to\(second)", "to\(first)")
    try ip("-n", names[first], "link", "add", one, "type", "veth", "peer", "name", two, "netns", names[second])
    for (host, name, address) in [(first, one, firstAddress), (second, two, secondAddress)] {
      try ip("-n", names[host], "addr", "add", address, "dev", name)
      try ip("-n", names[host], "link", "set", name, "up")
    }
  }

  private func takeDown() throws {
    try TunnelList.write([], to: places.wanted)
    try awaitEnd()
    #expect(try processes() == [])
    for name in names { try NetworkNamespace.delete(named: name) }
    #expect(try Self.folders(places.folder) == ["lock", "wanted.json"])
    try ProcessRun.spawn("/bin/rm", ["rm", "-r", folder, run])
  }

  static func folders(_ path: String) throws -> [String] {
    guard let stream = opendir(path) else { throw SystemError(operation: "list", object: path, errno: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The program stands beside the bundle of the tests.
  private static let program: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/virtcloud"
  }()
}
