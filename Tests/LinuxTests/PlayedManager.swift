import Glibc
import Linux
import TestSupport

/// A service manager played by a test: a datagram socket as `NOTIFY_SOCKET` (`sd_notify(3)`), and services started
/// with descriptors (`sd_listen_fds(3)`).
final class PlayedManager {
  struct Answer: Equatable {
    var status: Int32
    var output: String
  }

  private let socket: Int32
  private let address: String
  private let path: String?

  init(isAbstract: Bool) throws {
    let name = KernelTest.uniqueName()
    let path = "/tmp/\(name)"
    address = isAbstract ? "@\(name)" : path
    self.path = isAbstract ? nil : path
    socket = try Self.bind(
      Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Self.closed, 0), isAbstract ? "\0\(name)" : path)
  }

  deinit {
    close(socket)
    if let path { unlink(path) }
  }

  /// Runs the service with this manager.
  func start(_ arguments: [String]) throws -> Answer { try Self.run(arguments, ["NOTIFY_SOCKET": address]) }

  /// The datagrams that have come.
  func messages() throws -> [String] {
    var messages: [String] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0, errno == EAGAIN { return messages }
      try check(count, "receive", address)
      messages.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
  }

  /// A listening socket: on a free port of the loopback, or an abstract Unix address that the kernel chooses.
  static func listener(_ family: Int32) throws -> Int32 {
    let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | closed, 0)
    if family == AF_UNIX { _ = try bind(descriptor, "\0" + KernelTest.uniqueName()) }
    try check(listen(descriptor, 1), "listen", "socket")
    return descriptor
  }

  /// Runs the service to its end. A shell puts its own process id, which the service then has, into `LISTEN_PID`.
  static func run(_ arguments: [String], _ environment: [String: String], sockets: [Int32] = []) throws -> Answer {
    let output = "/tmp/\(KernelTest.uniqueName())"
    defer { unlink(output) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var variables = environment.map { "\($0.key)=\($0.value)" }
    var words = [try program()] + arguments
    if !sockets.isEmpty {
      // First out of the way of the numbers from 3 up, which may be among the sources.
      for (index, socket) in sockets.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, socket, 900 + Int32(index))
      }
      for index in sockets.indices { posix_spawn_file_actions_adddup2(&actions, 900 + Int32(index), 3 + Int32(index)) }
      variables.append("LISTEN_FDS=\(sockets.count)")
      words = ["/bin/sh", "-c", "LISTEN_PID=$$; export LISTEN_PID; exec \"$@\"", "sh"] + words
    }
    var process: pid_t = 0
    let code = ProcessRun.withArguments(words) { argv in
      ProcessRun.withArguments(variables) { posix_spawn(&process, words[0], &actions, nil, argv, $0) }
    }
    guard code == 0 else { throw SystemError(operation: "run", object: words[0], errno: code) }
    return Answer(status: try ProcessRun.wait(for: process), output: try read(output))
  }

  private static let closed = Int32(SOCK_CLOEXEC.rawValue)

  private static func bind(_ descriptor: Int32, _ path: String) throws -> Int32 {
    try check(descriptor, "open", "socket")
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    // An abstract address ends with its last byte, a path with a zero.
    let length = MemoryLayout<sa_family_t>.size + bytes.count + (path.hasPrefix("\0") ? 0 : 1)
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(descriptor, $0, socklen_t(length)) }
    }
    try check(result, "bind", path)
    return descriptor
  }

  /// The service, which the build puts beside the tests.
  private static func program() throws -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = try check(readlink("/proc/self/exe", &path, path.count), "read", "/proc/self/exe")
    let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)]) + "/service-manager-probe"
  }

  private static func read(_ path: String) throws -> String {
    let file = try Descriptor(opening: path, O_RDONLY)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = try check(Glibc.read(file.rawValue, &buffer, buffer.count), "read", path)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}
