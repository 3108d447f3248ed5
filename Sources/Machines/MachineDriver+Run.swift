import CLinux
import Glibc
import Linux

/// What a program said in a machine before it ended.
public struct MachineAnswer: Hashable, Sendable {
  /// Exit status; 128 and the signal's number; 127 where there is no such program, 126 where it cannot be executed.
  public var status: Int32
  /// The beginning of standard output and error, in the order in which they were written.
  public var output: String

  public init(status: Int32, output: String) {
    self.status = status
    self.output = output
  }
}

/// A program under way in a machine; its end must be waited for, once.
public final class MachineProgram: Sendable {
  /// The most octets of its output that are read.
  private static let outputLimit = 64 << 10

  private let name: String
  /// Nil where it could not be executed.
  private let process: pid_t?
  private let refusal: Int32
  private let sink: Descriptor

  /// A program that runs.
  init(name: String, process: pid_t, sink: consuming Descriptor) {
    self.name = name
    self.process = process
    self.sink = sink
    refusal = 0
  }

  /// A program that could not be executed, for this reason of execve(2).
  init(name: String, refused code: Int32, sink: consuming Descriptor) {
    self.name = name
    self.sink = sink
    process = nil
    refusal = code == ENOENT || code == ENOTDIR ? 127 : 126
  }

  /// Waits at most so many seconds for its end, and kills it then.
  ///
  /// - Throws: `SystemError`, with `ETIMEDOUT` where it was killed.
  public func finish(seconds: Int32 = 30) throws(SystemError) -> MachineAnswer {
    guard let process else { return MachineAnswer(status: refusal, output: "") }
    let status = try check(vc_wait_timed(process, seconds * 1000), "wait for", name)
    var buffer = [UInt8](repeating: 0, count: Self.outputLimit)
    let count = try check(pread(sink.rawValue, &buffer, buffer.count, 0), "read output of", name)
    return MachineAnswer(status: status, output: String(decoding: buffer.prefix(count), as: UTF8.self))
  }
}

extension MachineDriver {
  /// Starts a program as root of a machine, which reads a text and whose words are kept until it ends.
  ///
  /// What it leaves behind in the background goes on as the machine's own. Its word is the guest's: nothing of it
  /// can be trusted but that it comes to an end.
  ///
  /// - Parameters:
  ///   - process: host process id of the machine's PID 1, as `running()` has it.
  ///   - input: its standard input.
  public func begin(
    machine key: String, infrastructure number: UInt32, process: pid_t, hostname: String, arguments: [String],
    input: String = "", environment: [String: String] = [:]
  ) throws -> MachineProgram {
    // Files of memory instead of pipes: whoever inherits an end cannot keep us waiting.
    let source = try memoryFile("input"), sink = try memoryFile("output")
    try fill(source, with: input)
    var variables = ["HOSTNAME": hostname]
    variables.merge(environment) { _, given in given }
    var master: Int32 = -1
    let name = "\(arguments.first ?? "") in machine \(hostname)"
    let started = try start(
      machine: key, infrastructure: number, process: process, arguments: arguments, environment: variables,
      standard: (source.rawValue, sink.rawValue, sink.rawValue), &master)
    switch started {
    case .failure(let error) where error.operation == "exec":
      return MachineProgram(name: name, refused: error.errno, sink: sink)
    case .failure(let error): throw error
    case .success(let program): return MachineProgram(name: name, process: program, sink: sink)
    }
  }

  private func memoryFile(_ name: String) throws(SystemError) -> Descriptor {
    Descriptor(owning: try check(vc_memory_file(name), "create", "memory for \(name)"))
  }

  private func fill(_ file: borrowing Descriptor, with text: String) throws(SystemError) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
      bytes = bytes.dropFirst(try check(count, "write", "memory for input"))
    }
    try check(lseek(file.rawValue, 0, SEEK_SET), "seek in", "memory for input")
  }
}
