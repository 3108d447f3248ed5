import CommandLine
import Controller

/// `virtcloud list`.
struct List: Command {
  static let about = About("list", "List infrastructures with their phase and what is left of their lease.")

  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let place = try installation.installation()
    let views = place.isEmpty ? [] : try Controller(place).list()
    try context.write(Table(views), output)
  }
}
