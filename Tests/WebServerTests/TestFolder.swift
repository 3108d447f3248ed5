import Glibc
import Linux

/// A folder of a test's own, gone with the value; programs run with it as the place of their output.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/web-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(operation: "make", object: "folder", errno: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? ProcessRun.spawn("/bin/rm", ["rm", "-r", path]) }

  func file(_ name: String) -> String { path + "/" + name }

  func text(_ name: String) -> String { ServerThreads.text(of: file(name)) ?? "" }

  /// Runs a program; its output, or nil where it fails.
  func run(_ program: String, _ arguments: String...) throws -> String? {
    let name = "output-\(UInt32.random(in: 0 ... .max))"
    let output = try check(open(file(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600), "open", name)
    defer { close(output) }
    let code = result(of: program, [program] + arguments, output: output)
    if let code, code.errno != EIO { throw code }
    return code == nil ? text(name) : nil
  }

  private func result(of program: String, _ arguments: [String], output: Int32) -> SystemError? {
    do throws(SystemError) {
      try ProcessRun.spawn(program, arguments, descriptors: [1: output])
      return nil
    } catch { return error }
  }
}
