import Linux
import Quantities

/// Where test traffic is sent from, and where to.
public struct TrafficPath: Sendable {
  /// Whose sockets send.
  public var from: NetworkNamespace
  /// Whose sockets receive; it owns `destination`.
  public var to: NetworkNamespace
  /// The sender's own address; nil is the kernel's choice.
  public var source: IPAddress?
  public var destination: IPAddress

  public init(from: NetworkNamespace, to: NetworkNamespace, source: IPAddress? = nil, destination: IPAddress) {
    self.from = from
    self.to = to
    self.source = source
    self.destination = destination
  }

  /// The same way back; needs a `source`.
  public var reversed: TrafficPath? {
    source.map { TrafficPath(from: to, to: from, source: destination, destination: $0) }
  }

  /// Octets that a frame has beside its UDP payload: Ethernet header (14), IP header (20 or 40) and UDP header (8).
  public var frameOverhead: Int { destination.version == 4 ? 42 : 62 }

  /// Throws `bad-path` where the two addresses are of different families.
  func validate() throws(Problem) {
    guard let source, source.version != destination.version else { return }
    throw Problem(
      .invalid, "bad-path", "Traffic cannot go from \(source) to \(destination): one is IPv4, the other IPv6.",
      remedy: "Give two addresses of one family.")
  }
}

extension NetworkNamespace {
  /// Opens a namespace by its file, such as `/proc/4711/ns/net` or `/run/netns/blue`; a word without a slash is a
  /// name in `/run/netns`.
  ///
  /// Throws `no-such-namespace`.
  public static func open(file: String) throws(Problem) -> NetworkNamespace {
    let path = file.contains("/") ? file : "\(folder)/\(file)"
    do throws(SystemError) {
      return try NetworkNamespace(Descriptor(opening: path, 0), label: file)
    } catch {
      throw Problem(
        .notFound, "no-such-namespace", "The network namespace '\(file)' cannot be opened: \(error).",
        remedy: "Name the file of one, such as /proc/PID/ns/net, as root.")
    }
  }
}
