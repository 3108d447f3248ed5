import CommandLine
import Infrastructure
import Languages

/// Reading a substrate that the user named.
enum SubstrateFile {
  static func read(_ name: String?, _ context: Context, _ output: OutputOptions) throws -> Substrate {
    let source = try InputFile.find(name, suffix: ".substrate.yaml", what: "substrate")
    switch source.language {
    case .yaml: return try SubstrateReader.read(text: source.text, file: source.name, environment: context.environment)
    case .json: return try NodeLinkReader.read(text: source.text, file: source.name)
    case .xml where source.isGraphML: return try GraphMLReader.read(text: source.text, file: source.name)
    case .xml: break
    }
    let (substrate, remarks) = try VXDLReader.read(text: source.text, file: source.name).substrate()
    for remark in remarks { context.say("\(source.name): \(remark)", output) }
    return substrate
  }
}
