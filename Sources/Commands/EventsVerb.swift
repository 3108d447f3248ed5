import API
import Client
import CommandLine
import Quantities

/// `virtcloud events`.
struct EventsVerb: Command {
  static let about = About(
    "events", "Tell what happened, and with --follow what happens.",
    examples: [
      Example("virtcloud events --follow", "Everything, as it happens"),
      Example("virtcloud events --infrastructure lab -f json", "One infrastructure's, for a program: one a line"),
    ])

  @Flag(help: "go on telling until Ctrl-C") var follow: Bool
  @Option(value: "NUMBER", help: "only what came after this event") var after: Int?
  @Option(value: "NAME", help: "only of this infrastructure", completion: .infrastructure) var infrastructure: String?
  @Option(value: "KIND", help: "only of this kind, such as host or lease") var kind: String?
  var asked = OperatorOptions()

  func run(_ context: Context) async throws {
    let client = try asked.client()
    var last = after.map { UInt64(clamping: $0) } ?? 0
    var isFirst = true
    while true {
      let page = try client.events(
        after: last, wait: follow && !isFirst ? 25 : 0, infrastructure: infrastructure, kind: kind)
      try write(page.items, context, withHeader: isFirst)
      last = page.items.last?.id ?? last
      if page.items.isEmpty, !follow { return }
      if page.next == nil { isFirst = false }
      if page.next == nil, !follow { return }
    }
  }

  /// For a person in columns that line up also where nobody knows what comes; else one object a line.
  private func write(_ events: [EventDocument], _ context: Context, withHeader: Bool) throws {
    for event in events {
      if asked.output.format == .table {
        let cause = event.cause.map { ": \($0)" } ?? ""
        try context.write("\(event.time)  \(event.kind) \(event.object) \(event.what)\(cause)\n")
      } else {
        let fields = Record(event).fields
        try context.write(Renderer(format: .json, style: .plain).line(fields.map { ($0.key, $0.value) }))
      }
    }
  }
}

extension Record {
  /// One event.
  init(_ event: EventDocument) {
    self.init([
      .init("id", nil, .int(Int(clamping: event.id))), .init("time", nil, "\(event.time)"),
      .init("kind", nil, .string(event.kind)), .init("object", nil, .string(event.object)),
      .init("what", nil, .string(event.what)), .init("project", nil, Cell(event.project?.description)),
      .init("owner", nil, Cell(event.owner)), .init("cause", nil, Cell(event.cause)),
    ])
  }
}
