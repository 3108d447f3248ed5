import CommandLine
import Controller
import Glibc
import Infrastructure
import Quantities

/// `virtcloud reserve`.
struct Reserve: Command {
  static let about = About(
    "reserve", "Reserve a virtual infrastructure for later; it begins by itself.",
    discussion: "Its start stands in the file ('lease: {start: …}') or is given with --start.",
    examples: [
      Example("virtcloud reserve -t lab.vc.yaml --start +2h --duration 4h", "Four hours, beginning in two"),
      Example("virtcloud reserve -t lab.vc.yaml --start 2026-12-01T08:00:00Z", "From a moment on, without end"),
    ])

  var from = TemplateOptions()
  var times = TimeOptions()
  @Flag(help: "say what would be done and change nothing") var dryRun: Bool
  var algorithm = AlgorithmOptions()
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let request = times.apply(to: try from.read(context, output))
    guard let start = request.lease.start else {
      throw Problem(
        .invalid, "no-start", "A reservation of \(request.name) needs a start.",
        remedy: "Give --start, or build it now with 'virtcloud up'.")
    }
    guard start > .now else {
      throw Problem(
        .invalid, "start-in-past", "The lease of \(request.name) would start at \(start), which is past.",
        remedy: "Give a later --start, or build it now with 'virtcloud up --start now'.")
    }
    let place = try installation.installation()
    let embedder = try algorithm.embedder()
    do {
      if dryRun {
        let proposal = try Controller.propose(request, in: place, embedder: embedder)
        try ProposalWriter.write(proposal, context, output)
        return context.say("\(request.name): \(proposal.change.rawValue); nothing was done", output)
      }
      try Installation.requireRoot(for: "reserve an infrastructure")
      let (proposal, view) = try Controller(place, embedder: embedder).up(
        request, owner: getuid(), waiting: context.waiting(output))
      try context.write(Table(view.rows), output)
      context.say(Up.summary(proposal, view), output)
    } catch let declined as Declined {
      try ProposalWriter.write(declined, context, output)
      throw declined.problem
    }
  }
}

/// `virtcloud extend`.
struct Extend: Command {
  static let about = About(
    "extend", "Move the end of a lease: later, if there is room, or earlier.",
    examples: [
      Example("virtcloud extend mpi-lab +2h", "Two hours more"),
      Example("virtcloud extend mpi-lab --until 2026-12-01T12:00:00Z", "Until a moment"),
    ])

  @Argument("NAME", help: "the infrastructure or reservation", completion: .infrastructure) var name: String
  @Argument("TIME", help: "how much longer, such as +2h") var more: [String] = []
  @Option(value: "TIME", help: "the new end: RFC 3339, '+2h' from now, or 'never'") var until: Moment?
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    guard more.count + (until == nil ? 0 : 1) == 1 else {
      throw Problem(
        .invalid, "no-time", "How long \(name) shall last was \(more.isEmpty ? "not said" : "said more than once").",
        remedy: "Give either how much longer, such as +2h, or --until TIME.")
    }
    let span = try more.first.map { try Span(argument: $0).duration }
    try Installation.requireRoot(for: "extend a lease")
    let end = try Controller(installation.installation()).moveEnd(of: name, waiting: context.waiting(output)) {
      present in
      if let until { return until.time }
      guard let present else {
        throw Problem(
          .invalid, "no-end", "\(name) has no end that could be moved.", remedy: "Give it one with --until TIME.")
      }
      return present + (span ?? .zero)
    }
    context.say("\(name) lasts until \(end == .distantFuture ? "it is taken down" : end.description)", output)
  }
}

/// `virtcloud release`.
struct Release: Command {
  static let about = About(
    "release", "Give up a reservation that has not begun, or end a lease early.",
    examples: [
      Example("virtcloud release tonight", "Give up a reservation"),
      Example("virtcloud release mpi-lab --at +10m", "Let a lease end in ten minutes"),
    ])

  @Argument("NAME", help: "the reservation or infrastructure", completion: .infrastructure) var name: String
  @Option(value: "TIME", help: "let the lease end then: RFC 3339 or '+10m' from now") var at: Moment?
  @Flag(help: "say what would be done and change nothing") var dryRun: Bool
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let controller = try Controller(installation.installation())
    if dryRun {
      let view = try controller.show(name)
      return context.say("\(view.record.name) (\(view.record.standing.phase.rawValue)) would be released", output)
    }
    try Installation.requireRoot(for: "release a reservation")
    if let at {
      let end = try controller.moveEnd(of: name, waiting: context.waiting(output)) { present in
        guard at.time < present ?? .distantFuture else {
          throw Problem(
            .invalid, "not-early", "\(name) ends before \(at.time) anyway.",
            remedy: "Extend it with 'virtcloud extend'.")
        }
        return at.time
      }
      return context.say("\(name) ends at \(end)", output)
    }
    try controller.release(name, waiting: context.waiting(output))
    context.say("\(name) is released", output)
  }
}
