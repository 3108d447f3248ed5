import Foundation
import Quantities
import Testing

@testable import Languages

/// The published schemas of the configurations, and the operator's manual, say what the readers do.
struct ConfigurationSchemaTests {
  @Test func everyKeyIsInTheManual() throws {
    let manual = try String(decoding: bytes(of: "docs/operating.md"), as: UTF8.self)
    let sections = manual.components(separatedBy: "\n## ")
    for (title, vocabularies) in [
      ("The service's file", Vocabulary.serviceFile), ("The agent's file", Vocabulary.agentFile),
    ] {
      let section = try #require(sections.first { $0.hasPrefix(title) })
      // What the two files have in common is explained with the first.
      for vocabulary in vocabularies where title.contains("service") || vocabulary.definition != "logging" {
        for name in vocabulary.names {
          #expect(section.contains("| `\(name)` |"), "\(title): \(vocabulary.definition).\(name)")
        }
      }
    }
  }

  private static let structural: Set = ["wrong-type", "unknown-key", "missing-key", "unknown-word"]

  private static let isStrict = ProcessInfo.processInfo.environment["STRICT_KERNEL_TESTS"] == "1"

  @Test(.enabled(if: isStrict || Validator.isThere, "python3-jsonschema is not installed"))
  func schemasAndReadersAgreeOnStructure() throws {
    for (schema, isAgent) in [(PublishedSchema.service, false), (.agent, true)] {
      let bad = BadConfiguration.all.filter { $0.isAgent == isAgent }
      let good =
        try (isAgent ? Self.agents : Self.services).map {
          BadConfiguration(title: "good", text: $0, isAgent: isAgent)
        } + Self.samples(isAgent: isAgent)
      let instances = (good + bad).compactMap { input in
        (try? YAMLLoader.load(Array(input.text.utf8), file: "f", environment: [:])).map { (input, $0.json) }
      }
      let faults = try Validator.faults(instances.map(\.1), schema: schema)
      #expect(faults.count == instances.count && instances.count > good.count + 5)
      for ((input, _), faults) in zip(instances, faults) {
        if let problem = input.answer {
          #expect(input.title != "good", "\(problem.message)\n\(input.text)")
          guard Self.structural.contains(problem.code) else { continue }
          #expect(!faults.isEmpty, "the reader says: \(problem.message)\n\(input.text)")
        } else {
          #expect(faults.isEmpty, "the reader takes this:\n\(input.text)")
        }
      }
    }
  }

  private static func samples(isAgent: Bool) throws -> [BadConfiguration] {
    let names = isAgent ? ["agent.yaml"] : ["service.yaml", "examples/site.service.yaml"]
    return try names.map {
      BadConfiguration(
        title: "good", text: try String(decoding: bytes(of: "packaging/\($0)"), as: UTF8.self), isAgent: isAgent)
    }
  }

  private static let services = [
    "name: 7", "listen:", "socket: {mode: 0600}", "socket: {mode: 660, path: /tmp/s}", "store:", "store: {sqlite: }",
    "store: {etcd: {endpoints: \"http://10.0.0.1:2379\", prefix: 7}}", "tls:", "tls: {names: \"fd00::1\"}", "trust: []",
    "access: {users: , groups: {7: viewer}, certificates: }", "access: {anonymous: viewer}", "projects:",
    "projects: {lab: , 7: {quota: {nodes: 0, cpu: 0.5, storage: 0, memory: 1 GiB, offers: 0}}}",
    "local-agent: \"false\"",
    "listen: [{address: 0.0.0.0, port: 0}, {address: 0.0.0.0, port: 0}]", "notify: {before-lease-end: 1d}",
    "name: \"${NAME:-a}\"", "logging: {format: \"${F:-json}\"}", "url: \"https://[fd00::1]:7743/cloud\"",
  ]

  private static let agents = [
    "name: 7", "trunk: 7", "controllers: \"https://[fd00::1]:7743\"", "logging:", "logging: {level: debug}",
  ]
}
