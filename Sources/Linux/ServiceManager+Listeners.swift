import CSystemd
import Glibc

extension ServiceManager {
  /// A listening socket that the service manager opened before it started this process.
  public struct Listener: Hashable, Sendable {
    /// Open, close-on-exec, listening; whoever takes it closes it.
    public var descriptor: Int32
    /// `FileDescriptorName=` of the socket unit, by default the unit's name.
    public var name: String
    /// True for a Unix socket, false for one of the Internet.
    public var isLocal: Bool

    public init(descriptor: Int32, name: String, isLocal: Bool) {
      self.descriptor = descriptor
      self.name = name
      self.isLocal = isLocal
    }
  }

  /// The sockets passed to this process (`sd_listen_fds_with_names(3)`): numbers from 3 up, in the manager's order.
  ///
  /// They are passed once: the environment variables are taken away, so that a second call gives none and no program
  /// started from here takes them for its own. It changes the environment: call it before other threads read it.
  ///
  /// - Throws: `SystemError` where a variable cannot be read, or a descriptor is no listening stream socket.
  public static func listeners() throws(SystemError) -> [Listener] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = try check(sd_listen_fds_with_names(1, &names), "take over", "LISTEN_FDS")
    defer { release(names) }
    var listeners: [Listener] = []
    for index in 0..<Int(count) {
      let name = names?[index].map { String(cString: $0) } ?? "unknown"
      listeners.append(try listener(firstDescriptor + Int32(index), name))
    }
    return listeners
  }

  /// `SD_LISTEN_FDS_START`.
  private static let firstDescriptor: Int32 = 3

  private static func listener(_ descriptor: Int32, _ name: String) throws(SystemError) -> Listener {
    let isStream = try check(virtcloud_is_listener(descriptor, AF_UNSPEC), "examine", name)
    guard isStream > 0 else {
      throw SystemError(
        operation: "take over", object: "socket '\(name)'", errno: ENOTSOCK,
        kernelMessage: "descriptor \(descriptor) is not a listening stream socket")
    }
    let isLocal = try check(virtcloud_is_listener(descriptor, AF_UNIX), "examine", name)
    return Listener(descriptor: descriptor, name: name, isLocal: isLocal > 0)
  }

  /// The array ends with a null pointer; each string and the array are malloc's.
  private static func release(_ names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) {
    guard let names else { return }
    var index = 0
    while let name = names[index] {
      free(name)
      index += 1
    }
    free(names)
  }
}
