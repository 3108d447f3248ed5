import Glibc
import Linux
import TestSupport

/// A folder of its own in which openssl(1) works, gone afterwards.
struct OpenSSLCommand: ~Copyable {
  let folder: String

  init() throws {
    folder = "/tmp/" + KernelTest.uniqueName("vct-pki-")
    try check(mkdir(folder, 0o700), "create folder", folder)
  }

  deinit { _ = try? PrivateFile.removeFolder(folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ name: String, _ text: String) throws { try PrivateFile.replace(path(name), with: text) }

  func read(_ name: String) throws -> String { try TextFile.read(path(name)) }

  /// Runs openssl(1); words that begin with `./` are files of the folder. Its exit status and all that it said.
  @discardableResult
  func run(_ words: String...) throws -> (status: Int32, text: String) {
    let output = path("output")
    let file = try Descriptor(opening: output, O_WRONLY | O_CREAT | O_TRUNC)
    let arguments = words.map { $0.hasPrefix("./") ? path(String($0.dropFirst(2))) : $0 }
    let process = try ProcessRun.start("/usr/bin/openssl", ["openssl"] + arguments, output: file.rawValue)
    return (try ProcessRun.wait(for: process), try TextFile.read(output))
  }
}
