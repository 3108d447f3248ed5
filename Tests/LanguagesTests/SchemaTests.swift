import Foundation
import Quantities
import Testing

@testable import Languages

/// The published schemas and the file reference say what the readers do.
struct SchemaTests {
  static let files = [
    (PublishedSchema.infrastructure, Vocabulary.infrastructureFile), (.substrate, Vocabulary.substrateFile),
    (.service, Vocabulary.serviceFile), (.agent, Vocabulary.agentFile),
  ]

  @Test(arguments: files)
  func everyMappingHasTheReadersKeys(schema: PublishedSchema, vocabularies: [Vocabulary]) throws {
    let root = try #require(JSONSerialization.jsonObject(with: Data(schema.text())) as? [String: Any])
    let definitions = try #require(root["$defs"] as? [String: [String: Any]])
    for vocabulary in vocabularies {
      let object = try #require(vocabulary.definition.isEmpty ? root : definitions[vocabulary.definition])
      let properties = try #require(object["properties"] as? [String: Any])
      let place = Comment("\(schema.rawValue) \(vocabulary.definition)")
      #expect(Set(properties.keys) == Set(vocabulary.names), place)
      #expect(
        Set(object["required"] as? [String] ?? []) == Set(vocabulary.keys.filter(\.isRequired).map(\.name)), place)
      #expect(object["additionalProperties"] as? Bool == false && object["description"] is String, place)
    }
    let closed = definitions.filter { $0.value["properties"] != nil }.map(\.key)
    #expect(Set(closed) == Set(vocabularies.map(\.definition)).subtracting([""]))
  }

  @Test func everyKeyIsInTheFileReference() throws {
    let reference = try String(decoding: bytes(of: "docs/file.md"), as: UTF8.self)
    let sections = reference.components(separatedBy: "\n## ")
    for (title, (_, vocabularies)) in zip(["The infrastructure", "The substrate"], Self.files) {
      let section = try #require(sections.first { $0.hasPrefix(title) })
      for vocabulary in vocabularies {
        for name in vocabulary.names {
          #expect(section.contains("| `\(name)` |"), "\(title): \(vocabulary.definition).\(name)")
        }
      }
    }
  }

  /// The examples in the file reference are whole files, and are read.
  @Test func theExamplesOfTheReferenceAreRead() throws {
    let reference = try String(decoding: bytes(of: "docs/file.md"), as: UTF8.self)
    let blocks = reference.components(separatedBy: "```yaml\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(blocks.count >= 2)
    for block in blocks {
      if block.contains("sites:") { _ = try readSubstrate(block) } else { _ = try read(block) }
    }
  }

  /// Faults of structure; the others need a look at the whole file.
  private static let structural: Set = ["wrong-type", "unknown-key", "missing-key", "unknown-word", "not-available"]

  /// Where a missing validator is a failure, not a skip.
  private static let isStrict = ProcessInfo.processInfo.environment["STRICT_KERNEL_TESTS"] == "1"

  @Test(.enabled(if: isStrict || Validator.isThere, "python3-jsonschema is not installed"))
  func schemasAndReadersAgreeOnStructure() throws {
    for (schema, documents) in [
      (PublishedSchema.infrastructure, SchemaCorpus.infrastructures), (.substrate, SchemaCorpus.substrates),
    ] {
      let isSubstrate = schema == .substrate
      let bad = BadInput.all.filter { $0.isSubstrate == isSubstrate }.map(\.text)
      let examples = try SchemaCorpus.examples(isSubstrate: isSubstrate)
      var instances: [(text: String, json: Any, problem: Problem?)] = []
      for text in examples + documents + bad {
        guard let root = try? YAMLLoader.load(Array(text.utf8), file: "f", environment: [:]) else { continue }
        instances.append((text, root.json, problem(text, isSubstrate: isSubstrate)))
      }
      let faults = try Validator.faults(instances.map(\.json), schema: schema)
      #expect(instances.count { $0.problem == nil } > 8 && faults.count == instances.count)
      for (instance, faults) in zip(instances, faults) {
        if let problem = instance.problem {
          guard Self.structural.contains(problem.code) else { continue }
          #expect(!faults.isEmpty, "the reader says: \(problem.message)\n\(instance.text)")
        } else {
          #expect(faults.isEmpty, "the reader takes this:\n\(instance.text)")
        }
      }
    }
  }

  private func problem(_ text: String, isSubstrate: Bool) -> Problem? {
    do {
      if isSubstrate { _ = try readSubstrate(text) } else { _ = try read(text) }
      return nil
    } catch {
      return error
    }
  }
}
