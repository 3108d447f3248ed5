import Infrastructure
import Quantities

/// Reads the configuration of `virtcloud agent` (docs/operating.md).
public enum AgentConfigurationReader {
  /// The configuration that `text` describes.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most 8 MiB.
  ///   - file: how the file is called in problems' locations.
  ///   - environment: what `${VAR}` stands for.
  ///   - files: looks for the file of the authority; the token's may be gone once it has been used.
  /// - Throws: a problem of kind `invalid` whose location is `FILE:LINE:COLUMN`, counted from 1.
  public static func read(
    text: [UInt8], file: String, environment: [String: String], files: ConfigurationFiles = .ofThisMachine
  ) throws(Problem) -> AgentConfiguration {
    let root = try YAMLLoader.load(text, file: file, environment: environment)
    let fields = try Fields(root, .agent, of: "The agent")
    var agent = AgentConfiguration()
    agent.controllers =
      try fields.list("controllers", "[https://cloud.example.org:7743]") { (text) throws(Problem) in
        try Bounds.url(text, ["https"])
      } ?? []
    agent.name = try fields.value("name", Name.init(parsing:))
    agent.tokenFile = try fields.path("token-file")
    agent.authority = try fields.value("ca", files.readable)
    agent.trunk = try fields.value("trunk", Bounds.interface)
    agent.stateDirectory = try fields.path("state") ?? agent.stateDirectory
    agent.logging = try OperationSection.logging(fields)
    return agent
  }
}
