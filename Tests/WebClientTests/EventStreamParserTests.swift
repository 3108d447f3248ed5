import Testing
import WebClient

@Suite struct EventStreamParserTests {
  private typealias Event = EventStreamParser.Event

  private func events(_ text: String) throws -> [Event] {
    var parser = EventStreamParser()
    return try parser.feed(Array(text.utf8))
  }

  @Test(arguments: ["\n", "\r", "\r\n"]) func theExamplesOfTheStandard(end: String) throws {
    let text = """
      : test stream

      data: first event
      id: 1

      data:second event
      id

      data:  third event

      data

      data
      data

      data:
      """ + "\n"
    let found = try events(text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end))
    #expect(
      found == [
        Event(id: "1", data: "first event"), Event(data: "second event"), Event(data: " third event"),
        Event(data: ""), Event(data: "\n"),
      ])
  }

  @Test func typesRetriesAndBytesInPieces() throws {
    let text =
      "\u{FEFF}retry: 2500\nevent: change\ndata: é日\ndata: b\nid: 7\nretry: x\nunknown: y\n\nid: a\u{0}b\ndata: c\n\n"
    for size in 1...text.utf8.count {
      var parser = EventStreamParser()
      var found: [Event] = []
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        found += try parser.feed(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      #expect(found == [Event(id: "7", event: "change", data: "é日\nb"), Event(id: "7", data: "c")], "size \(size)")
      #expect(parser.retryMilliseconds == 2500)
      #expect(parser.lastEventID == "7")
    }
  }

  @Test func anEventWithoutEndIsNotGivenAndAnEndlessOneRefused() throws {
    #expect(try events("data: x\n").isEmpty)
    #expect(try events("event: x\n\ndata: y\n\n") == [Event(data: "y")])
    var parser = EventStreamParser(limit: 100)
    _ = try parser.feed(Array("data: \(String(repeating: "x", count: 50))\n".utf8))
    #expect(throws: EventStreamParser.TooLarge(limit: 100)) {
      try parser.feed(Array("data: \(String(repeating: "x", count: 60))".utf8))
    }
  }
}
