import CommandLine

/// `virtcloud list`.
struct List: Command {
  static let about = About("list", "List infrastructures with their phase and what is left of their lease.")

  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try context.write(Table(cloud.reader().infrastructures()), output)
  }
}
