import API
import Client
import CommandLine
import Controller
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
  var build = BuildOptions()
  var algorithm = AlgorithmOptions()
  var cloud = CloudOptions()
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
    do {
      if dryRun {
        let proposal = try RequestPlanner(cloud, algorithm, build).propose(request)
        try ProposalWriter.write(proposal, context, output)
        return context.say("\(request.name): \(proposal.change.rawValue); nothing was done", output)
      }
      let client = try cloud.client(for: "reserve an infrastructure", context, output)
      try BuildRun(client, context, output).run(algorithm.order(for: request, build), name: request.name)
    } catch let refused as RefusedWithOffers {
      try ProposalWriter.write(refused, context, output)
      throw refused.problem
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
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    guard more.count + (until == nil ? 0 : 1) == 1 else {
      throw Problem(
        .invalid, "no-time", "How long \(name) shall last was \(more.isEmpty ? "not said" : "said more than once").",
        remedy: "Give either how much longer, such as +2h, or --until TIME.")
    }
    let span = try more.first.map { try Span(argument: $0).duration }
    let client = try cloud.client(for: "extend a lease", context, output)
    let end = try client.moveEnd(of: name, LeaseChange(end: until?.time.description, extend: span?.text))
    context.say("\(name) lasts until \(end.map(\.description) ?? "it is taken down")", output)
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
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    if dryRun {
      let found = try cloud.reader().infrastructure(name).summary
      return context.say("\(found.name) (\(found.phase.rawValue)) would be released", output)
    }
    let client = try cloud.client(for: "release a reservation", context, output)
    guard let at else {
      _ = try client.perform(.end(name, onlyReserved: true))
      return context.say("\(name) is released", output)
    }
    let present = try client.infrastructure(name).summary.end ?? .distantFuture
    guard at.time < present else {
      throw Problem(
        .invalid, "not-early", "\(name) ends before \(at.time) anyway.", remedy: "Extend it with 'virtcloud extend'.")
    }
    let end = try client.moveEnd(of: name, LeaseChange(end: at.time.description))
    context.say("\(name) ends at \(end ?? .distantFuture)", output)
  }
}

extension CloudClient {
  /// Moves the end of a lease and gives the new one; nil is until it is taken down.
  fileprivate func moveEnd(of name: String, _ change: LeaseChange) throws -> Timestamp? {
    _ = try perform(.moveEnd(name, change))
    return try infrastructure(name).summary.end
  }
}
