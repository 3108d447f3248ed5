import Infrastructure
import Languages
import Quantities

/// The files that people write.
enum YAMLBody {
  private static let environment = ["HOME": "/root", "EMPTY": "", "LOOP": "${LOOP}"]
  private static let files = ConfigurationFiles { _ in nil }

  /// Every reader reads the same bytes: one of them takes the file's keys, the others name the first that they do
  /// not know.
  static func run(_ input: [UInt8]) {
    checkInfrastructure(input)
    checkSubstrate(input)
    _ = try? ServiceConfigurationReader.read(text: input, file: "f", environment: environment, files: files)
    _ = try? AgentConfigurationReader.read(text: input, file: "f", environment: environment, files: files)
    _ = try? FileJSON.text(of: input, file: "f")
  }

  private static func checkInfrastructure(_ input: [UInt8]) {
    guard let value = try? InfrastructureReader.read(text: input, file: "f", environment: environment) else { return }
    let text = InfrastructureWriter.text(value)
    let again = try? InfrastructureReader.read(text: Array(text.utf8), file: "f", environment: [:])
    require(again == value, "an infrastructure that changes when it is written:\n\(text)")
  }

  private static func checkSubstrate(_ input: [UInt8]) {
    guard let value = try? SubstrateReader.read(text: input, file: "f", environment: environment) else { return }
    let text = SubstrateWriter.text(value)
    let again = try? SubstrateReader.read(text: Array(text.utf8), file: "f", environment: [:])
    require(again == value, "a substrate that changes when it is written:\n\(text)")
  }
}
