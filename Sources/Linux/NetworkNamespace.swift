import CNetlink
import Glibc
import Synchronization

/// A network namespace, held open by a descriptor (`network_namespaces(7)`).
public final class NetworkNamespace: Sendable {
  /// What tells two namespaces apart: the `nsfs` device and inode.
  public struct Identity: Hashable, Sendable {
    public var device: UInt64
    public var inode: UInt64
  }

  /// The namespace's descriptor, for `IFLA_NET_NS_FD` and `setns(2)`.
  public let descriptor: Descriptor
  /// What messages call it: its name, or where it was found.
  public let label: String
  /// Device and inode of the namespace.
  public let identity: Identity

  /// Takes over a descriptor of a network namespace.
  public init(_ descriptor: consuming Descriptor, label: String) throws(SystemError) {
    var status = stat()
    try check(fstat(descriptor.rawValue, &status), "stat namespace", label)
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    self.descriptor = descriptor
    self.label = label
  }

  /// The namespace of the calling process (its main thread's).
  public static func current() throws(SystemError) -> NetworkNamespace {
    try NetworkNamespace(Descriptor(opening: "/proc/self/ns/net", O_RDONLY), label: "current")
  }

  /// The namespace of a process; throws with `isNotFound` where there is no such process.
  public static func open(process: pid_t) throws(SystemError) -> NetworkNamespace {
    try NetworkNamespace(
      Descriptor(opening: "/proc/\(process)/ns/net", O_RDONLY), label: "of process \(process)")
  }

  /// The one thread that enters namespaces; it is left in the last that it entered.
  static let thread = DedicatedThread()
  private static let place = Mutex(Place())

  /// Where that thread is, and for whom.
  private struct Place {
    var entered: Identity?
    /// The namespaces of the calls under way, outermost first.
    var calls: [NetworkNamespace] = []
  }

  /// Runs a closure inside the namespace, on the process's one thread for that; blocks the caller.
  ///
  /// Only the network namespace is entered: mounts, and so `/sys/fs/bpf`, stay the caller's. Calls are
  /// served one after the other; a call within a call is allowed. Needs `CAP_SYS_ADMIN`.
  public func perform<Value>(_ body: () throws -> Value) throws -> Value {
    try Self.thread.run {
      try enter()
      Self.place.withLock { $0.calls.append(self) }
      let result = Result(catching: body)
      let outer = Self.place.withLock { place in
        place.calls.removeLast()
        return place.calls.last
      }
      // The rest of an outer call's closure must find itself where it was.
      try outer?.enter()
      return try result.get()
    }
  }

  /// Says that the thread is in a namespace that no value stands for yet.
  static func forgetPlace() {
    place.withLock { $0.entered = nil }
  }

  private func enter() throws(SystemError) {
    guard Self.place.withLock({ $0.entered }) != identity else { return }
    Self.forgetPlace()
    try check(setns(descriptor.rawValue, Int32(VIRTCLOUD_CLONE_NEWNET)), "enter namespace", label)
    Self.place.withLock { $0.entered = identity }
  }
}
