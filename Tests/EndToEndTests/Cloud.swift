import Foundation
import Planning
import Testing

/// An installation of the real program in a state directory of its own; nothing of it is left after `end`.
final class Cloud {
  let state: String
  let realm: Realm

  /// The program that was built beside the tests.
  static let program: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("virtcloud").path
  }()

  /// The repository, for its examples.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static func example(_ name: String) -> String { "\(root)/examples/\(name)" }

  init() {
    state = NSTemporaryDirectory() + "virtcloud-e2e-state-\(UUID().uuidString)"
    realm = Realm(stateDirectory: state)
  }

  /// Runs a verb.
  func run(
    _ words: String..., input: String? = nil, environment: [String: String] = [:], directory: String? = nil
  ) throws -> CommandRun {
    try CommandRun.run(
      Self.program, words, environment: ["VIRTCLOUD_STATE": state].merging(environment) { $1 }, input: input,
      directory: directory)
  }

  /// Runs a verb that must succeed, and returns what it printed.
  @discardableResult
  func must(_ words: String..., input: String? = nil, place: SourceLocation = #_sourceLocation) throws -> String {
    let done = try CommandRun.run(
      Self.program, words, environment: ["VIRTCLOUD_STATE": state], input: input)
    #expect(done.status == 0, "\(words.joined(separator: " ")): \(done.error)", sourceLocation: place)
    return done.output
  }

  /// Runs a command in a node.
  func exec(_ name: String, _ node: String, _ command: String...) throws -> CommandRun {
    try CommandRun.run(
      Self.program, ["exec", name, node, "--"] + command, environment: ["VIRTCLOUD_STATE": state])
  }

  /// True where one ping of three is answered.
  func pings(_ name: String, _ from: String, _ to: String) throws -> Bool {
    try exec(name, from, "ping", "-q", "-c", "3", "-i", "0.05", "-W", "1", to).status == 0
  }

  /// Rows of a verb's JSON.
  func rows(_ words: String...) throws -> [[String: Any]] {
    let done = try CommandRun.run(
      Self.program, words + ["-f", "json"], environment: ["VIRTCLOUD_STATE": state])
    let value = try JSONSerialization.jsonObject(with: Data(done.output.utf8))
    return try #require(value as? [[String: Any]])
  }

  /// What bears this installation's marks: namespaces, control groups, processes.
  func marks() throws -> [String] {
    let files = FileManager.default
    let namespaces = ((try? files.contentsOfDirectory(atPath: "/run/netns")) ?? []).filter {
      $0.hasPrefix(realm.namespacePrefix)
    }
    let hierarchies = ["", "/unified", "/cpu", "/memory", "/pids"].map { "/sys/fs/cgroup\($0)/\(realm.cgroupFolder)" }
    return namespaces + hierarchies.filter(files.fileExists(atPath:))
  }

  /// Network namespace of a device, by the mark on its `lo`.
  func namespace(of device: String) throws -> String {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/run/netns").sorted()
    where name.hasPrefix(realm.namespacePrefix) {
      let link = try CommandRun.run("/usr/sbin/ip", ["-n", name, "link", "show", "lo"])
      if link.output.contains("alias \(realm.deviceMark(device))\n") { return name }
    }
    Issue.record("device \(device) has no namespace")
    return ""
  }

  /// Ends everything and checks that nothing is left.
  func end(place: SourceLocation = #_sourceLocation) throws {
    _ = try run("down", "--all", "--yes", "-q")
    _ = try run("substrate", "remove", "--yes", "-q")
    let collected = try run("gc", "--dry-run")
    #expect(collected.error == "nothing is left over\n", sourceLocation: place)
    let left = try marks()
    #expect(left.isEmpty, "left: \(left)", sourceLocation: place)
    try? FileManager.default.removeItem(atPath: state)
    try? FileManager.default.removeItem(atPath: "/run/virtcloud-\(realm.tag)")
  }
}

/// Runs `body` with an installation, and leaves nothing of it whatever happens.
func withCloud(_ body: (Cloud) throws -> Void) throws {
  let cloud = Cloud()
  do { try body(cloud) } catch {
    try cloud.end()
    throw error
  }
  try cloud.end()
}

/// Two machines at two hosts of two sites on a segment, as small as that goes.
enum Small {
  static let substrate = """
    name: small
    sites: {a: {vlans: 100-109}, b: {vlans: 100-109}}
    hosts: {a-1: {site: a}, b-1: {site: b}}
    links: [{ends: [a, b]}]
    """
  static func template(_ name: String = "lab", more: String = "") -> String {
    """
    name: \(name)
    defaults: {cpu: 0.5, memory: 64MiB}
    \(more)
    nodes:
      left: {site: a}
      right: {site: b}
    segments:
      lan: {members: [left, right], addresses: [10.7.0.0/24, "fd07::/64"]}
    """
  }
}
