import Capture
import CommandLine
import Controller
import Glibc
import Linux
import Quantities

/// `virtcloud capture`.
struct CaptureVerb: Command {
  static let about = About(
    "capture", "Capture the packets of an interface, a wire or a segment, for Wireshark or to read along.",
    discussion: """
      Listens inside the machines, at their own interfaces: there every frame is seen, in both directions, whichever \
      way it takes on the hosts. A frame from one machine to another is seen at both.

      With '-w', or where standard output is no terminal, packets are written as pcap, or as pcapng with the names of \
      the interfaces where there are several. On a terminal a line is printed for each; times are UTC. Ctrl-C ends it \
      and leaves a whole file.
      """,
    examples: [
      Example("virtcloud capture lab a:eth0", "Read along at one interface"),
      Example("virtcloud capture lab lan --filter 'icmp or arp' -w lan.pcapng", "A segment, into a file"),
      Example("virtcloud capture lab a-b | wireshark -k -i -", "Watch a wire in Wireshark"),
    ])

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  @Argument("NODE:IF|WIRE|SEGMENT", help: "where to listen", completion: .dynamic("capture")) var place: String
  @Option("write", short: "w", value: "FILE", help: "write packets there; '-' is standard output", completion: .file())
  var file: String?
  @Flag(help: "replace the file if it is there") var force: Bool
  @Flag("print", help: "print a line for each packet, where that is not the default too") var prints: Bool
  @Option(value: "EXPR", help: "only packets that match, in the words of pcap-filter(7)") var filter: String?
  @Option(value: "N", help: "end after so many packets") var count: Int?
  @Option(value: "S", help: "end after so many seconds") var seconds: Int?
  @Option(value: "N", help: "octets kept of each packet") var snaplen: Int = CaptureOptions.largestSnapLength
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "capture packets")
    let options = try options()
    let target = try CaptureTarget(place, in: Controller(installation.installation()).show(name))
    let labels = target.points.map(\.label)
    let printer = try isPrinting(context) ? PacketPrinter(format: output.format, labels: labels) : nil
    let stop = try ProcessSignals()
    let session = try CaptureSession(target.points, options)
    let writer = try writer(context, labels, stop)
    for node in target.missing { context.say("\(node) is not running and left out", output) }
    context.say("capturing at \(Self.shortened(labels)); Ctrl-C ends it", output)
    do {
      try writer?.begin(labels: labels, snapLength: options.snapLength)
      let tally = try session.run(
        until: stop.descriptor, output: writer?.descriptor ?? STDOUT_FILENO, notice: { context.say($0, output) },
        take: { packets in
          try writer?.write(packets)
          if let printer { try context.write(printer.text(packets)) }
        })
      context.say("\(tally.captured) captured, \(tally.allDropped) dropped by the kernel", output)
      try writer?.end(tally)
    } catch is CaptureOutput.Ended {
      // Whoever read has enough, as in `virtcloud capture lab lan | head`.
    }
  }

  private func options() throws(Problem) -> CaptureOptions {
    let bounds = [
      ("--count", count, 1...Int.max), ("--seconds", seconds, 1...31_536_000),
      ("--snaplen", snaplen, 1...CaptureOptions.largestSnapLength),
    ]
    for case (let option, let value?, let range) in bounds where !range.contains(value) {
      let top = range.upperBound == .max ? "1 on" : "1 to \(range.upperBound)"
      throw Problem(
        .invalid, "out-of-bounds", "\(value) is not a value of '\(option)'.", remedy: "Write a number from \(top).")
    }
    if let filter { try CaptureFilter.check(filter, snapLength: snaplen) }
    return CaptureOptions(
      filter: filter, snapLength: snaplen, count: count, duration: seconds.map { Duration.seconds($0) })
  }

  /// A person who watches, or a program that asked for lines.
  private func isPrinting(_ context: Context) throws(Problem) -> Bool {
    let asks = prints || output.format != .table
    guard asks, file == "-" else { return asks || (file == nil && context.console.outIsTerminal) }
    throw Problem(
      .invalid, "two-outputs", "Packets and lines cannot both go to standard output.",
      remedy: "Leave out '-w -', or name a file.")
  }

  private func writer(_ context: Context, _ labels: [String], _ stop: ProcessSignals) throws -> CaptureOutput? {
    let format = CaptureFormat(points: labels.count)
    if let file, file != "-" {
      return try .file(file, replaces: force, format: format, stop: stop.descriptor)
    }
    if file == nil, try isPrinting(context) { return nil }
    guard !context.console.outIsTerminal else {
      throw Problem(
        .invalid, "terminal-output", "Packets are no text for a terminal.",
        remedy: "Name a file, pipe it into a program such as wireshark, or leave out '-w -' to read lines.")
    }
    return .stream(STDOUT_FILENO, name: "standard output", format: format, stop: stop.descriptor)
  }

  private static func shortened(_ labels: [String]) -> String {
    labels.count <= 4 ? labels.joined(separator: ", ") : "\(labels[0]) and \(labels.count - 1) more interfaces"
  }
}
