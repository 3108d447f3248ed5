import CommandLine
import Infrastructure
import Languages

/// Reading a substrate that the user named.
enum SubstrateFile {
  static func read(_ name: String?, _ context: Context, _ output: OutputOptions) throws -> Substrate {
    let source = try InputFile.find(name, suffix: ".substrate.yaml", what: "substrate")
    guard source.language == .xml else {
      return try SubstrateReader.read(text: source.text, file: source.name, environment: context.environment)
    }
    let (substrate, remarks) = try VXDLReader.read(text: source.text, file: source.name).substrate()
    for remark in remarks { context.say("\(source.name): \(remark)", output) }
    return substrate
  }
}
