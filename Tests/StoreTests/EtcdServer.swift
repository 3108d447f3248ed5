import Foundation
import Glibc
import Linux
import Quantities
import Store
import TestSupport
import Testing
import WebClient

/// One etcd process with a data folder of its own; both are gone with the value.
final class EtcdServer: Sendable {
  static let program = "/usr/bin/etcd"
  static var isInstalled: Bool { access(program, X_OK) == 0 || KernelTest.isStrict }

  /// The server that `withEtcd` started for the suite.
  @TaskLocal static var current: EtcdServer?

  struct Ports: Sendable {
    var client: Int
    var peer: Int
    var url: String { "http://127.0.0.1:\(client)" }
    var peerURL: String { "http://127.0.0.1:\(peer)" }
  }

  let pid: pid_t
  let folder: String
  let ports: Ports
  var endpoint: Endpoint { .url(ports.url) }

  /// Starts a member; it may take a moment until it answers. `members` names all of a cluster, itself too.
  init(
    _ ports: Ports? = nil, name: String = "one", members: [String: Ports] = [:], token: String = "t",
    isSynced: Bool = false
  ) throws {
    let ports = try ports ?? Self.freePorts()
    self.ports = ports
    folder = "/tmp/" + KernelTest.uniqueName("etcd-")
    try check(mkdir(folder, 0o700), "mkdir", folder)
    let log = try Descriptor(opening: folder + "/log", O_WRONLY | O_CREAT)
    let cluster = (members.isEmpty ? [name: ports] : members).map { "\($0.key)=\($0.value.peerURL)" }.sorted()
    pid = try ProcessRun.start(
      Self.program,
      [
        "etcd", "--name", name, "--data-dir", folder + "/data", "--listen-client-urls", ports.url,
        "--advertise-client-urls", ports.url, "--listen-peer-urls", ports.peerURL, "--initial-advertise-peer-urls",
        ports.peerURL, "--initial-cluster", cluster.joined(separator: ","), "--log-level", "error",
        "--initial-cluster-token", token,
      ] + (isSynced ? [] : ["--unsafe-no-fsync"]), output: log.rawValue)
  }

  deinit { stop() }

  /// Ends it as a power cut would.
  func stop() {
    kill(pid, SIGKILL)
    // Waited for already where a test stopped it before.
    _ = try? ProcessRun.wait(for: pid)
    do { try ProcessRun.spawn("/bin/rm", ["rm", "-rf", folder]) } catch { Issue.record(error) }
  }

  /// Stops all its threads (SIGSTOP) and waits until they stand still, for a busy machine takes its time.
  func suspend() throws {
    kill(pid, SIGSTOP)
    for _ in 0..<5000 {
      let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
      let isStill = try tasks.allSatisfy { task in
        let line = try String(contentsOfFile: "/proc/\(pid)/task/\(task)/stat", encoding: .utf8)
        return line.split(separator: ")").last?.hasPrefix(" T") == true
      }
      if isStill { return }
      usleep(1000)
    }
    Issue.record("process \(pid) did not stop")
  }

  /// A connection, once it answers.
  func cluster() throws -> EtcdCluster { try Self.cluster([endpoint]) }

  static func cluster(_ endpoints: [Endpoint]) throws -> EtcdCluster {
    for _ in 0..<300 {
      do { return try EtcdCluster(endpoints: endpoints) } catch let problem as Problem {
        if problem.code != "etcd-unreachable" { throw problem }
        usleep(50_000)
      }
    }
    return try EtcdCluster(endpoints: endpoints)
  }

  static func freePorts() throws -> Ports {
    let sockets = try (0..<2).map { _ in try freePort() }
    defer { for (descriptor, _) in sockets { close(descriptor) } }
    return Ports(client: sockets[0].port, peer: sockets[1].port)
  }

  private static func freePort() throws -> (descriptor: Int32, port: Int) {
    let descriptor = try check(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0), "socket", "loopback")
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = try check(bind(descriptor, $0, size), "bind", "loopback")
        _ = try check(getsockname(descriptor, $0, &size), "name", "loopback")
      }
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }
}

/// Starts one etcd for all tests of a suite.
struct WithEtcd: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // The child that is to be killed has its parent's server.
    let isVictim = getenv("STORE_CRASH_VICTIM") != nil
    let server = EtcdServer.isInstalled && !isVictim ? try EtcdServer() : nil
    try await EtcdServer.$current.withValue(server) { try await function() }
    server?.stop()
  }
}

extension Trait where Self == WithEtcd {
  static var withEtcd: WithEtcd { WithEtcd() }
}

/// Enables a test where etcd is there; `STRICT_KERNEL_TESTS=1` makes its absence a failure.
let needsEtcd = ConditionTrait.enabled(if: EtcdServer.isInstalled, "etcd is not installed; skipped")
