import FoundationEssentials
import Quantities
import Testing

@Suite struct StoredDurationTests {
  private struct Document: Codable, Hashable {
    var wait: Duration
    var rest: Duration?
  }

  @Test(arguments: [
    Document(wait: .zero), Document(wait: .nanoseconds(-1), rest: .seconds(36525 * 86400)),
    Document(wait: .seconds(253_402_300_799), rest: .milliseconds(7)),
  ])
  private func sensibleOnesAreRead(_ document: Document) throws {
    #expect(try JSONDecoder().decode(Document.self, from: JSONEncoder().encode(document)) == document)
  }

  /// Whatever reads them afterwards would trap.
  @Test(arguments: [
    Document(wait: .seconds(Int64.max)), Document(wait: .seconds(Int64.max) * 9),
    Document(wait: .zero, rest: .seconds(Int64.min) * 9), Document(wait: .zero, rest: .seconds(1 << 40)),
  ])
  private func othersAreNot(_ document: Document) throws {
    let data = try JSONEncoder().encode(document)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Document.self, from: data) }
  }
}
