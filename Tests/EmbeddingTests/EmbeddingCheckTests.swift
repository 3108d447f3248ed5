import Embedding
import Infrastructure
import Quantities
import Testing

/// The check finds what is wrong when a right embedding is spoiled.
@Suite struct EmbeddingCheckTests {
  let view = SubstrateView(triangle)
  let request = infrastructure(
    [node("a", site: "brno"), node("b", site: "prague"), node("c", cpu: 4)],
    [network("w", ["a", "b"], .wire, minimum: mbit(400), latency: .milliseconds(2))])

  private func violations(_ spoil: (inout Embedding) -> Void) throws -> String {
    var embedding = try embed(request, on: view)
    spoil(&embedding)
    return EmbeddingCheck.violations(of: embedding, for: request, on: view).joined(separator: "\n")
  }

  @Test func nodes() throws {
    #expect(try violations { $0.placement[name("a")] = nil }.contains("exactly the nodes"))
    #expect(try violations { $0.placement[name("a")] = name("pilsen-1") }.contains("node a is not at its site"))
    #expect(try violations { $0.placement[name("a")] = name("nowhere") }.contains("node a is on no host"))
    #expect(try violations { $0.placement[name("c")] = $0.placement[name("a")] }.contains("too many cores"))
  }

  @Test func trees() throws {
    #expect(try violations { $0.trees = [:] }.contains("exactly the networks"))
    #expect(try violations { $0.trees[name("w")]?.links = [] }.contains("not on a tree"))
    #expect(try violations { $0.trees[name("w")]?.links = [7] }.contains("link that is not there"))
    let detour = try violations {
      $0.trees[name("w")]?.links = [1, 2]
      $0.trees[name("w")]?.sites = ["brno", "pilsen", "prague"].map(name)
    }
    #expect(detour.contains("too slow"))
  }

  @Test func rates() throws {
    var used = view
    let other = infrastructure(
      [node("x", host: "brno-2"), node("y", host: "prague-2")], [network("w", ["x", "y"], .wire, minimum: mbit(700))])
    let embedding = try embed(request, on: view)
    used.occupy(try embed(other, on: view), of: other)
    let found = EmbeddingCheck.violations(of: embedding, for: request, on: used).joined()
    #expect(found.contains("core link brno - prague is promised too often"))
  }
}
