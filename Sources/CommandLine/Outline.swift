import Quantities

/// A verb as help, completion, manual pages and the parser see it: its place and its parameters.
struct Outline {
  /// The words that lead here, such as `virtcloud substrate show`.
  var path: [String]
  var about: About
  /// In the order of declaration.
  var parameters: [Declaration]

  var arguments: [Declaration] { parameters.filter { $0.kind == .argument } }
  var passthrough: Declaration? { parameters.first { $0.kind == .passthrough } }
  /// Options and flags.
  var options: [Declaration] { parameters.filter { $0.kind == .option || $0.kind == .flag } }
  var visibleOptions: [Declaration] { options.filter { !$0.isHidden } }
  var name: String { path.joined(separator: " ") }

  init(_ command: any Command.Type, under path: [String]) {
    self.path = path + [command.about.name]
    about = command.about
    parameters = Outline.parameters(of: command.init()).map(\.declaration)
  }

  /// The parameters among a command's stored properties; names not given are made from the properties' names.
  static func parameters(of command: Any) -> [Named] {
    Mirror(reflecting: command).children.flatMap { child -> [Named] in
      if let parameter = child.value as? any Parameter {
        return [Named(parameter, property: child.label ?? "")]
      }
      return child.value is any ParameterGroup ? parameters(of: child.value) : []
    }
  }

  /// Verbs one level down that are not hidden.
  var subcommands: [Outline] {
    about.subcommands.filter { !$0.about.isHidden }.map { Outline($0, under: path) }
  }

  /// The line of the usage, such as `virtcloud exec [OPTIONS] NAME NODE -- CMD…`.
  var usage: String {
    var words = [name]
    if !about.subcommands.isEmpty { words.append("VERB") }
    if !visibleOptions.isEmpty { words.append("[OPTIONS]") }
    words += arguments.map { argument in
      let word = argument.valueName + (argument.repeats ? "…" : "")
      return argument.isRequired ? word : "[\(word)]"
    }
    if let passthrough {
      let word = "-- \(passthrough.valueName)…"
      words.append(passthrough.isRequired ? word : "[\(word)]")
    }
    return words.joined(separator: " ")
  }
}

/// A parameter with its full name.
struct Named {
  let parameter: any Parameter
  let declaration: Declaration

  /// `_dryRun` declares `--dry-run`, `_file` the argument `FILE`.
  init(_ parameter: any Parameter, property: String) {
    self.parameter = parameter
    var declaration = parameter.declaration
    let kebab = Named.kebab(property.hasPrefix("_") ? String(property.dropFirst()) : property)
    if declaration.name.isEmpty { declaration.name = kebab }
    if declaration.kind == .argument, declaration.valueName.isEmpty {
      declaration.valueName = kebab.uppercased()
    }
    self.declaration = declaration
  }

  static func kebab(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
  }
}
