import API
import Client
import CommandLine
import Controller
import Infrastructure
import Quantities

/// Something being built: its progress, and what came of it.
struct BuildRun {
  private let client: CloudClient
  private let context: Context
  private let output: OutputOptions

  init(_ client: CloudClient, _ context: Context, _ output: OutputOptions) {
    (self.client, self.context, self.output) = (client, context, output)
  }

  /// Gives the order, waits, and tells.
  ///
  /// - Parameter name: What is built; nil is what the operation names.
  func run(_ order: CloudOrder, name: Name?) throws {
    let operation = try client.perform(order, showing: context.progress(output))
    let target = name?.description ?? operation.target
    let after = try client.infrastructure(target)
    try context.write(Table(after.nodes), output)
    let change = operation.results.lazy.compactMap(Proposal.Change.init(rawValue:)).first ?? .changed
    context.say(Self.summary(after.summary, change), output)
    for problem in operation.warnings.dropFirst() {
      context.say("also: \(problem.detail) (\(problem.code))", output)
    }
    if let problem = operation.warnings.first { throw problem.problem }
  }

  static func summary(_ summary: InfrastructureSummary, _ change: Proposal.Change) -> String {
    if summary.phase == .reserved {
      let end = summary.end.map { " until \($0)" } ?? ""
      return
        "\(summary.name) is reserved (\(change.rawValue)) from \(summary.start)\(end); it begins by itself"
    }
    let lease = summary.remaining.map { ", lease ends in \($0.text)" } ?? ""
    return "\(summary.name) is up: \(summary.running) nodes (\(change.rawValue))\(lease)"
  }
}

extension CloudClient {
  /// Gives an order and shows how far it is.
  func perform(_ order: CloudOrder, showing reporter: any ProgressReporter) throws -> OperationDocument {
    defer { reporter.finish() }
    let steps = OperationSteps(reporter)
    return try perform(order) { steps.take($0) }
  }
}

/// Turns an operation's progress into steps of a progress reporter.
final class OperationSteps {
  private let reporter: any ProgressReporter
  private var last: Operation.Progress?

  init(_ reporter: any ProgressReporter) { self.reporter = reporter }

  func take(_ progress: Operation.Progress) {
    guard !progress.title.isEmpty, progress != last else { return }
    var done = last?.done ?? 0
    if last?.title != progress.title || last?.total != progress.total || progress.done < done {
      reporter.begin(progress.title, total: progress.total)
      done = 0
    }
    for _ in done..<max(done, progress.done) { reporter.advance(progress.title) }
    last = progress
  }
}

extension InfrastructureSummary {
  /// How long its lease lasts yet; nil is until somebody ends it.
  var remaining: Duration? {
    end.map { .seconds(max(0, $0.seconds - Timestamp.now.seconds)) }
  }
}
