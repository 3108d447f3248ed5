import API
import Client
import CommandLine
import Controller
import Infrastructure
import Quantities

/// `virtcloud down`.
struct Down: Command {
  static let about = About(
    "down", "End infrastructures and leave nothing of them; those that are not there are no error.",
    examples: [
      Example("virtcloud down mpi-lab", "End one"), Example("virtcloud down --all --yes", "End all of them"),
    ])

  @Argument("NAME", help: "infrastructures to end", completion: .infrastructure) var names: [String] = []
  @Flag(help: "end all of them") var all: Bool
  @Flag(help: "say what would be ended and change nothing") var dryRun: Bool
  @Flag(short: "y", help: "do not ask") var yes: Bool
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let wanted = try all ? nil : named()
    if dryRun {
      for name in try present(cloud.reader(), wanted) { context.say("\(name) would end", output) }
      return
    }
    guard try !cloud.isEmpty(for: "end an infrastructure") else {
      return names.forEach { context.say("\($0) is not up", output) }
    }
    let client = try cloud.client(for: "end an infrastructure", context, output)
    let ending = try present(client, wanted)
    if !ending.isEmpty, !yes {
      try Confirmation.ask("End \(ending.map(\.description).joined(separator: ", "))?", context)
    }
    try end(ending, client, context)
    for name in ending { context.say("\(name) is down", output) }
    for name in wanted ?? [] where !ending.contains(name) { context.say("\(name) is not up", output) }
  }

  /// Those that are there, in the order in which they were named, or sorted.
  private func present(_ reader: any CloudReading, _ wanted: [Name]?) throws -> [Name] {
    let there = try reader.infrastructures().map(\.name)
    return wanted.map { $0.filter(there.contains) } ?? there.sorted()
  }

  /// Ends all of them at once; the first that could not be ended is told when all others are.
  private func end(_ names: [Name], _ client: CloudClient, _ context: Context) throws {
    let progress = context.progress(output)
    defer { progress.finish() }
    let steps = OperationSteps(progress)
    var failure: (any Error)?
    var begun: [(CloudOrder, CloudClient.Begun)] = []
    for name in names {
      let order = CloudOrder.end(name.description)
      do { begun.append((order, try client.begin(order))) } catch { failure = failure ?? Self.unlessGone(error) }
    }
    for (order, operation) in begun {
      do { _ = try client.wait(for: operation, of: order) { steps.take($0) } } catch {
        failure = failure ?? Self.unlessGone(error)
      }
    }
    if let failure { throw failure }
  }

  /// What has ended by itself meanwhile is as it should be.
  private static func unlessGone(_ error: any Error) -> (any Error)? {
    if let problem = error as? Problem, problem.kind == .notFound { return nil }
    return error
  }

  /// The names given; what can be no name cannot be up either.
  private func named() throws -> [Name] {
    guard !names.isEmpty else {
      throw Problem(
        .invalid, "no-name", "No infrastructure was named.", remedy: "Name one, or end all of them with --all.")
    }
    return try names.map { text in
      guard let name = Name(text) else {
        throw Problem(
          .invalid, "bad-name", "'\(text)' cannot be the name of an infrastructure.",
          remedy: "'virtcloud list' shows those that are up.")
      }
      return name
    }
  }
}
