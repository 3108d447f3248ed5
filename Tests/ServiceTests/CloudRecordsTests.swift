import Controller
import Identity
import Quantities
import Testing

@testable import Service

/// Projects and tokens in the cloud's store.
@Suite struct CloudRecordsTests {
  private let time = Timestamp(seconds: 1_800_000_000)

  private func issue(_ book: inout AccessBook) throws -> String {
    let anna = Principal(user: try UserName(parsing: "anna"), origin: .socket(uid: 61002, gid: 61002))
    return try book.tokens.issue(to: anna, scopes: [.read], description: "", lifetime: nil, at: time).record.id
  }

  /// A token that is issued costs one document, however many there are.
  @Test func onlyWhatChangedIsWritten() async throws {
    let fixture = try await Fixture()
    defer { fixture.close() }
    let cloud = fixture.cloud
    let records = CloudRecords(cloud)
    var book = try records.load()
    let (first, second) = (try issue(&book), try issue(&book))
    let wave = Project(name: try Name(parsing: "wave"))
    book.projects[wave.name] = wave
    let host = try Name(parsing: "brno-1")
    let grant = try book.enrolments.issue(for: host, by: UserName(parsing: "root"), at: time).record.id
    try records.save(book)
    #expect(try CloudRecords(cloud).load().tokens.records() == book.tokens.records())
    // Whatever is written again loses its mark.
    let all = [("tokens", first), ("tokens", second), ("projects", "wave"), ("enrolments", grant)]
    try cloud.keep(all.map { KeptDocument($0.0, $0.1, "mark") })
    func marked() throws -> [String] {
      try all.filter { object in
        try cloud.kept(object.0).contains { $0.key == object.1 && $0.body == "mark" }
      }.map(\.1)
    }
    #expect(try marked() == all.map(\.1))
    try book.tokens.revoke(second, at: time)
    let third = try issue(&book)
    try records.save(book)
    #expect(try marked() == [first, "wave", grant])
    #expect(try Set(cloud.kept("tokens").map(\.key)) == [first, second, third])
    book.projects = [:]
    try records.save(book)
    #expect(try cloud.kept("projects").isEmpty && marked() == [first, grant])
    let problem = #expect(throws: Problem.self) { try CloudRecords(cloud).load() }
    #expect(problem?.code == "state-unreadable" && problem?.message.contains("tokens/\(first)") == true)
  }
}
