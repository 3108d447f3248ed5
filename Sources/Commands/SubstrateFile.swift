import CommandLine
import Infrastructure
import Languages

/// Reading a substrate that the user named.
enum SubstrateFile {
  static func read(_ name: String?, _ context: Context) throws -> Substrate {
    let source = try InputFile.find(name, suffix: ".substrate.yaml", what: "substrate")
    return try SubstrateReader.read(text: source.text, file: source.name, environment: context.environment)
  }
}
