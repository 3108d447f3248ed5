import Client
import CommandLine
import Quantities

/// What verbs have in common that ask a running service and nobody else.
struct OperatorOptions: ParameterGroup {
  var cloud = CloudOptions()
  var output = OutputOptions()

  /// The client; nothing is started for a question.
  func client() throws -> CloudClient {
    if let client = try cloud.reader() as? CloudClient { return client }
    throw Problem(
      .failed, "no-controller", "No service runs on this machine.",
      remedy: "Start one with 'virtcloud serve --local', or name one with '--controller URL'.")
  }

  /// Gives an order, waits, and says what was done.
  func perform(_ order: CloudOrder, for purpose: String, _ context: Context, done: String) throws {
    let client = try cloud.client(for: purpose, context, output)
    let operation = try client.perform(order, showing: context.progress(output))
    for result in operation.results { context.say(result, output) }
    context.say(done, output)
    for problem in operation.warnings { context.say("also: \(problem.detail) (\(problem.code))", output) }
  }
}
