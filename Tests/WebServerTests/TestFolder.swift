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
  func run(_ program: String, _ arguments: String..., input: String = "/dev/null") throws -> String? {
    let name = "output-\(UInt32.random(in: 0 ... .max))"
    let output = try check(open(file(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600), "open", name)
    defer { close(output) }
    let source = try check(open(input, O_RDONLY | O_CLOEXEC), "open", input)
    defer { close(source) }
    let code = result(of: program, [program] + arguments, [0: source, 1: output])
    if let code, code.errno != EIO { throw code }
    return code == nil ? text(name) : nil
  }

  private func result(of program: String, _ arguments: [String], _ descriptors: [Int32: Int32]) -> SystemError? {
    do throws(SystemError) {
      try ProcessRun.spawn(program, arguments, descriptors: descriptors)
      return nil
    } catch { return error }
  }
}
