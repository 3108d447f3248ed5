import CommandLine
import Controller
import Infrastructure
import Languages
import Quantities

/// Which installation a verb works on.
struct InstallationOptions: ParameterGroup {
  @Option(value: "DIR", help: "where what must survive is kept (default: /var/lib/virtcloud)", completion: .directory)
  var state: String?

  func installation() throws -> Installation { try Installation(stateDirectory: state) }
}

/// The file that a verb reads a virtual infrastructure from.
struct TemplateOptions: ParameterGroup {
  @Option(
    short: "t", value: "FILE",
    help: "the virtual infrastructure; '-' is standard input (default: the one *.vc.yaml here)",
    completion: .file(suffixes: [".vc.yaml", ".yaml", ".xml"]))
  var template: String?

  /// Reads YAML or VXDL, whichever the file holds; what VXDL has and we have not is told.
  func read(_ context: Context, _ output: OutputOptions) throws -> VirtualInfrastructure {
    let source = try InputFile.find(template, suffix: ".vc.yaml", what: "virtual infrastructure")
    guard source.language == .xml else {
      return try InfrastructureReader.read(
        text: source.text, file: source.name, environment: context.environment, loadFile: source.companions.text)
    }
    let (request, remarks) = try VXDLReader.read(text: source.text, file: source.name).infrastructure()
    for remark in remarks { context.say("\(source.name): \(remark)", output) }
    return request
  }
}
