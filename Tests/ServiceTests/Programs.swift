import Foundation
import Glibc
import Linux

/// Programs that tests run, with what they said.
enum Programs {
  struct Result {
    var status: Int32
    var output: String
  }

  /// Runs a program to its end; its output goes through a file, so that nothing waits for a pipe.
  static func run(_ program: String, _ arguments: [String], in folder: String) throws -> Result {
    let path = folder + "/output-\(UInt32.random(in: .min ... .max))"
    let file = try Descriptor(opening: path, O_RDWR | O_CREAT | O_TRUNC)
    defer { unlink(path) }
    let process = try ProcessRun.start(program, [program] + arguments, output: file.rawValue)
    let status = try ProcessRun.wait(for: process)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return Result(status: status, output: String(decoding: data, as: UTF8.self))
  }

  /// A file beside the tests' sources.
  static func tool(_ name: String) throws -> String {
    guard let url = Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Tools") else {
      throw SystemError(operation: "find", object: name, errno: ENOENT)
    }
    return url.path
  }

  /// Where packages from PyPI are kept between runs: beside the build's products.
  static var cache: String { Bundle.module.bundleURL.deletingLastPathComponent().path + "/python" }
}
