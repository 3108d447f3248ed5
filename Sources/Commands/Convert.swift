import CommandLine
import Infrastructure
import Languages
import Pictures
import Quantities

/// `virtcloud convert`.
struct Convert: Command {
  static let about = About(
    "convert", "Turn one language into another: YAML, VXDL, topologies, diagrams, pictures.",
    discussion: """
      Reads an infrastructure (YAML, VXDL 2.0) or a substrate (YAML, node-link JSON, GraphML, VXDL with --substrate) \
      and writes it as yaml, vxdl, dot, mermaid, svg or png. What the other language cannot say is told on standard \
      error.
      """,
    examples: [
      Example("virtcloud convert request.xml > request.vc.yaml", "From VXDL to YAML"),
      Example("virtcloud convert lab.vc.yaml --to vxdl", "The other way"),
      Example("virtcloud convert Geant2012.json > geant.substrate.yaml", "A published topology as a substrate"),
      Example("virtcloud convert lab.vc.yaml --to svg -o lab.svg", "A picture"),
    ])

  enum Target: String, ArgumentValue, CaseIterable {
    case yaml, vxdl, dot, mermaid, svg, png
  }

  @Argument("FILE", help: "what to read; '-' is standard input", completion: .file()) var file: String
  @Option(value: "LANGUAGE", help: "what to write (default: by the ending of -o, else yaml)") var to: Target?
  @Option(short: "o", value: "FILE", help: "where to write (default: standard output)", completion: .file())
  var out: String?
  @Flag(help: "read VXDL, or YAML, as a substrate") var substrate: Bool
  @Option(value: "COUNT", help: "hosts at each site of a topology that names none") var hosts: Int = 1
  @Option(value: "RATE", help: "rate of links of a topology that tells none") var rate: String = "10Gbit/s"
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let source = try InputFile.find(file, suffix: ".vc.yaml", what: "file")
    let content = try read(source, context)
    let target = try to ?? Self.target(of: out)
    let bytes = try content.written(as: target) { context.say("\(source.name): \($0)", output) }
    guard let out else {
      guard target != .png else {
        throw Problem(
          .invalid, "binary-output", "A PNG is no text for a terminal.", remedy: "Name a file with -o FILE.png.")
      }
      return try context.write(String(decoding: bytes, as: UTF8.self))
    }
    try PictureFile.write(bytes, to: out)
  }

  private static func target(of out: String?) throws(Problem) -> Target {
    guard let out else { return .yaml }
    switch out.split(separator: ".").last?.lowercased() {
    case "yaml", "yml": return .yaml
    case "xml", "vxdl": return .vxdl
    case "dot", "gv": return .dot
    case "mmd", "mermaid": return .mermaid
    case "svg": return .svg
    case "png": return .png
    default:
      throw Problem(
        .invalid, "unknown-target", "The ending of '\(out)' tells no language.",
        remedy: "Say which with --to, such as --to yaml.")
    }
  }

  private func read(_ source: InputFile, _ context: Context) throws -> Convertible {
    var defaults = TopologyDefaults()
    defaults.hosts = hosts
    defaults.rate = try Bitrate(parsing: rate)
    switch source.language {
    case .json: return .substrate(try NodeLinkReader.read(text: source.text, file: source.name, defaults: defaults))
    case .xml where source.isGraphML:
      return .substrate(try GraphMLReader.read(text: source.text, file: source.name, defaults: defaults))
    case .xml:
      let document = try VXDLReader.read(text: source.text, file: source.name)
      guard substrate else { return .document(document) }
      let (substrate, remarks) = try document.substrate()
      for remark in remarks { context.say("\(source.name): \(remark)", output) }
      return .substrate(substrate)
    case .yaml where substrate || source.name.hasSuffix(".substrate.yaml"):
      return .substrate(
        try SubstrateReader.read(text: source.text, file: source.name, environment: context.environment))
    case .yaml:
      return .infrastructure(
        try InfrastructureReader.read(
          text: source.text, file: source.name, environment: context.environment, loadFile: source.companions.text))
    }
  }
}

/// Something that was read and can be written otherwise.
private enum Convertible {
  case infrastructure(VirtualInfrastructure)
  case document(VXDLDocument)
  case substrate(Substrate)

  /// - Parameter tell: Told what the target cannot say.
  func written(as target: Convert.Target, tell: (String) -> Void) throws -> [UInt8] {
    switch target {
    case .yaml: return [UInt8](try yaml(tell).utf8)
    case .vxdl: return [UInt8](try vxdl(tell).utf8)
    case .dot: return [UInt8](DOTWriter.write(try diagram(tell)).utf8)
    case .mermaid: return [UInt8](MermaidWriter.write(try diagram(tell)).utf8)
    case .svg: return try GraphPicture.render(dot: DOTWriter.write(try diagram(tell)), format: .svg)
    case .png: return try GraphPicture.render(dot: DOTWriter.write(try diagram(tell)), format: .png)
    }
  }

  private func yaml(_ tell: (String) -> Void) throws -> String {
    switch self {
    case .infrastructure(let infrastructure): return InfrastructureWriter.text(infrastructure)
    case .document(let document):
      let (infrastructure, remarks) = try document.infrastructure()
      remarks.forEach(tell)
      return InfrastructureWriter.text(infrastructure)
    case .substrate(let substrate): return SubstrateWriter.text(substrate)
    }
  }

  private func vxdl(_ tell: (String) -> Void) throws -> String {
    switch self {
    case .document(let document): return VXDLWriter.text(document.published())
    case .infrastructure(let infrastructure):
      let (document, remarks) = try VXDLDocument.describing(infrastructure)
      remarks.forEach(tell)
      return VXDLWriter.text(document)
    case .substrate(let substrate):
      throw Problem(
        .invalid, "no-vxdl", "Substrate \(substrate.name) cannot be written as VXDL.",
        remedy: "VXDL describes what is asked for; write the substrate as yaml.")
    }
  }

  private func diagram(_ tell: (String) -> Void) throws -> Diagram {
    switch self {
    case .infrastructure(let infrastructure): return Diagram(infrastructure)
    case .document(let document):
      let (infrastructure, remarks) = try document.infrastructure()
      remarks.forEach(tell)
      return Diagram(infrastructure)
    case .substrate(let substrate): return Diagram(substrate)
    }
  }
}
