import Agent
import Controller
import Dispatch
import Embedding
import Glibc
import Infrastructure
import Planning
import Quantities
import Store
import Synchronization

import class Foundation.Thread

/// A cloud on real hosts of which each has an agent that the test plays: no kernel is touched.
final class Grid: Sendable {
  let folder: String
  let cloud: Cloud
  let hosts: [Name]

  /// Two sites with `perSite` hosts each.
  init(
    perSite: Int = 2, cpu: UInt64 = 4000, vlans: String = "100-199", settings: Cloud.Settings = Cloud.Settings(),
    folder: String? = nil
  ) throws {
    var template = Array("/var/tmp/vct-cloud-XXXXXX".utf8CString)
    self.folder = folder ?? String(cString: mkdtemp(&template))
    var settings = settings
    settings.hasLocalAgent = false
    // Where the machine is busy nobody is lost for that, unless the test wants it.
    if settings.lostAfter == Cloud.Settings().lostAfter { settings.lostAfter = 600 }
    settings.expectsAgents = true
    cloud = try Cloud(Installation(stateDirectory: self.folder), settings: settings)
    let substrate = try Self.substrate(perSite: perSite, cpu: cpu, vlans: vlans)
    hosts = substrate.hosts.map(\.name)
    cloud.start()
    self.substrate = substrate
  }

  let substrate: Substrate

  static func substrate(perSite: Int, cpu: UInt64, vlans: String) throws -> Substrate {
    let sites = try ["brno", "prague"].map { Site(name: try Name(parsing: $0), vlans: try VLANSet(parsing: vlans)) }
    let hosts = try sites.flatMap { site in
      try (1...perSite).map {
        Host(
          name: try Name(parsing: "\(site.name)-\($0)"), site: site.name, kind: .real, cpu: Cores(thousandths: cpu),
          memory: ByteCount(bytes: 64 << 30), uplink: Bitrate(bitsPerSecond: 10_000_000_000),
          trunk: "eth1")
      }
    }
    return Substrate(
      name: try Name(parsing: "grid"), sites: sites, hosts: hosts,
      links: [CoreLink(ends: Pair(sites[0].name, sites[1].name), rate: Bitrate(bitsPerSecond: 1_000_000_000))])
  }

  func close() {
    cloud.stop()
    removeFolder(folder)
    removeFolder(Installation.run(folder))
  }

  /// Two machines on a segment, one at each site.
  static func request(
    _ name: String, cpu: UInt64 = 1000, rate: UInt64 = 0, lease: Duration? = nil, sites: [String] = ["brno", "prague"]
  ) throws -> VirtualInfrastructure {
    let nodes = try sites.enumerated().map {
      Node(
        name: try Name(parsing: "m\($0 + 1)"), cpu: Cores(thousandths: cpu), memory: ByteCount(bytes: 1 << 27),
        site: try Name(parsing: $1))
    }
    let endpoints = nodes.map { Endpoint(node: $0.name, interface: "eth0") }
    return VirtualInfrastructure(
      name: try Name(parsing: name), lease: Lease(duration: lease), nodes: nodes,
      networks: [
        Network(
          name: try Name(parsing: "lan"), kind: .segment, endpoints: endpoints,
          rate: RateRange(minimum: rate == 0 ? nil : Bitrate(bitsPerSecond: rate)))
      ])
  }

  func identity(_ host: Name, _ fingerprint: String = "1") -> AgentIdentity {
    AgentIdentity(host: host, fingerprint: fingerprint, version: "test", address: nil)
  }

  func plans(_ host: Name, after generation: UInt64, seconds: Double = 2) async throws -> PlanDelivery {
    try await withCheckedThrowingContinuation { continuation in
      cloud.plans(for: host, after: generation, seconds: seconds, agent: identity(host)) {
        continuation.resume(with: $0)
      }
    }
  }

  func report(_ host: Name, _ generation: UInt64, failures: [UInt32: Problem] = [:]) async throws {
    let outcome = Agent.Outcome(reports: [], failures: failures)
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      cloud.note(HostOutcome(host: host, generation: generation, outcome: outcome), from: identity(host)) {
        continuation.resume(with: $0)
      }
    }
  }

  /// Agents that do what they are told, on threads of their own: others' tests keep the runner's threads busy for long.
  final class Work: Sendable {
    private let isOver = Mutex(false)
    private let group = DispatchGroup()

    fileprivate init(_ hosts: [Name], _ live: @escaping @Sendable (Name, () -> Bool) -> Void) {
      for host in hosts {
        let thread = Thread { [self] in
          live(host) { self.isOver.withLock { $0 } }
          group.leave()
        }
        group.enter()
        thread.start()
      }
    }

    /// Ends them, and waits for that.
    func cancel() {
      isOver.withLock { $0 = true }
      group.wait()
    }
  }

  /// Agents of these hosts (nil: of all), until they are cancelled.
  func work(
    _ hosts: [Name]? = nil, failing: @escaping @Sendable (HostPlan) -> [UInt32: Problem] = { _ in [:] }
  ) -> Work {
    Work(hosts ?? self.hosts) { [self] host, isOver in
      var generation: UInt64 = 0
      while !isOver() {
        let found = Self.waiting { answer in
          cloud.plans(for: host, after: generation, seconds: 0.2, agent: identity(host), answer: answer)
        }
        guard let delivery = found, let plans = delivery.plans else { continue }
        generation = delivery.generation
        var failures: [UInt32: Problem] = [:]
        for plan in plans { failures.merge(failing(plan)) { $1 } }
        let outcome = HostOutcome(
          host: host, generation: generation, outcome: Agent.Outcome(reports: [], failures: failures))
        _ = Self.waiting { (answer: @escaping @Sendable (Result<Void, any Error>) -> Void) in
          cloud.note(outcome, from: identity(host), answer: answer)
        }
      }
    }
  }

  /// The answer, or nil where it is a refusal.
  private static func waiting<Value: Sendable>(
    _ ask: (@escaping @Sendable (Result<Value, any Error>) -> Void) -> Void
  ) -> Value? {
    let done = DispatchSemaphore(value: 0)
    let box = Mutex<Value?>(nil)
    ask { result in
      box.withLock { $0 = try? result.get() }
      done.signal()
    }
    done.wait()
    return box.withLock { $0 }
  }

  func wait(_ operation: Operation, seconds: Double = 120) async -> Operation? {
    var last: Operation? = operation
    let deadline = ContinuousClock.now + .seconds(seconds)
    while let present = last, present.state == .running, ContinuousClock.now < deadline {
      last = await withCheckedContinuation { continuation in
        cloud.watch(operation: present.id, after: present.version, seconds: 1) { continuation.resume(returning: $0) }
      }
    }
    return last
  }
}

extension Installation {
  static func run(_ folder: String) -> String { (try? Installation(stateDirectory: folder).runDirectory) ?? "" }
}
