import Languages
import Quantities
import Testing

/// Files that want to cost much are refused, or read quickly.
struct BoundsTests {
  private func code(_ text: String, _ environment: [String: String] = [:]) -> String? {
    do {
      _ = try read(text, environment)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func aBillionLaughsAreTooMany() {
    let levels = (1...9).map {
      "  n\($0): &n\($0) [\(Array(repeating: "*n\($0 - 1)", count: 10).joined(separator: ","))]\n"
    }
    #expect(code("name: lab\nnodes:\n  n0: &n0 [ha]\n" + levels.joined()) == "too-many-values")
  }

  @Test func anAnchorInItselfIsUnknown() { #expect(code("name: &a [*a]") == "unknown-anchor") }

  @Test func deepNestingIsRefused() {
    #expect(code(String(repeating: "[", count: 100_000)) == "too-deep")
    #expect(code(String(repeating: "{a: ", count: 100_000)) == "too-deep")
  }

  @Test func aLargeFileIsRefused() {
    #expect(code("name: lab\n" + String(repeating: "#", count: 8 << 20)) == "file-too-large")
  }

  @Test func largeVariablesAreRefused() {
    let large = ["X": String(repeating: "x", count: 100_000)]
    #expect(code("name: [" + String(repeating: "'${X}',", count: 1000) + "]", large) == "too-many-values")
  }

  @Test func aPatternIsNotRepeatedByItsOwnLength() {
    let long = String(repeating: "x", count: 1_000_000)
    #expect(code("name: lab\nnodes: {a: {}}\ngroups: {crew: [\"\(long)[1-9999]\"]}") == "bad-range")
    #expect(
      code("name: lab\nnodes: {\"w[\(Array(repeating: "1-9", count: 80).joined(separator: ","))]\": {}}") == "bad-range"
    )
  }

  @Test func membersAreCountedBeforeTheyPileUp() {
    let members = Array(repeating: "\"w[1-9000]\"", count: 1000).joined(separator: ",")
    #expect(code("name: lab\nnodes:\n  w[1-9000]: {}\nsegments: {lan: {members: [\(members)]}}") == "too-many")
  }

  /// Each is within its own bound; together they would fill the memory.
  @Test func groupsAndNetworksAreCountedTogether() {
    let nodes = "name: lab\nnodes:\n  w[1-9999]: {}\n"
    let groups = (0..<20).map { "  g\($0): [\"w[1-9999]\"]\n" }.joined()
    #expect(code(nodes + "groups:\n" + groups) == "too-many")
    let segments = (0..<20).map { "  s\($0): {members: [\"w[1-9999]\"]}\n" }.joined()
    #expect(code(nodes + "segments:\n" + segments) == "too-many")
  }

  @Test func thousandsOfParallelWiresGetNames() throws {
    let wires = Array(repeating: "{ends: [a, b]}", count: 5000).joined(separator: ",")
    let lab = try read("name: lab\nnodes: {a: {}, b: {}}\nwires: [\(wires)]")
    #expect(lab.networks.last?.name.description == "a-b-5000")
  }

  @Test func tenThousandNodesAreRead() throws {
    let lab = try read(
      "name: lab\nnodes:\n  w[1-9999]: {}\n  gw: {kind: router}\n"
        + "segments: {lan: {members: [\"w[1-9999]\", gw], addresses: [10.0.0.0/16, \"fd00::/64\"]}}")
    #expect(lab.nodes.count == 10_000)
    #expect(lab.endpoint("w9999:eth0")?.addresses.first?.description == "10.0.39.15/16")
    #expect(code("name: lab\nnodes:\n  w[1-9999]: {}\n  v[1-2]: {}\n") == "too-many")
  }
}
