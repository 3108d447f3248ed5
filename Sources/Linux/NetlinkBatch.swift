import CNetlink
import Glibc

/// Requests to the kernel's routing tables, links and traffic control, sent together in their order.
///
/// Each request carries the words that an error will need. A later request may lean on an earlier one of
/// the same batch (a bridge with a fixed index, then its ports); when one fails, the rest is still tried.
public struct NetlinkBatch: Sendable {
  /// Which refusals are as good as success.
  public struct Tolerance: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `EEXIST`.
    public static let exists = Tolerance(rawValue: 1)
    /// What `SystemError.isNotFound` covers.
    public static let notFound = Tolerance(rawValue: 2)
  }

  /// The protocol number that routes and addresses of a batch bear, so that they can be told from the
  /// machine owner's own (`rtm_protocol`, `IFA_PROTO`; the range from 17 is for user space, `rtnetlink(7)`).
  public static let mark: UInt8 = 86

  /// One request's place in `bytes`, and its words.
  struct Entry: Sendable {
    var offset: Int
    var length: Int
    var operation: String
    var object: String
    var tolerating: Tolerance
    /// An error number by which the kernel says of this request that the object is not there.
    var absence: Int32?
  }

  private(set) var bytes: [UInt8] = []
  private(set) var entries: [Entry] = []

  public init() {}

  /// Number of requests.
  public var count: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }

  /// Appends one request; refuses one that is too long.
  mutating func add(
    _ operation: String, _ object: String, type: Int, flags: Int32 = 0, tolerating: Tolerance = [],
    absence: Int32? = nil, build: (inout NetlinkMessage) -> Void
  ) throws(SystemError) {
    var message = try NetlinkMessage(type: type, flags: flags)
    build(&message)
    guard !message.isOverflown else {
      throw SystemError(operation: operation, object: object, errno: EMSGSIZE)
    }
    let offset = bytes.count
    message.withBytes { bytes.append(contentsOf: $0) }
    let length = bytes.count - offset
    bytes.append(contentsOf: repeatElement(0, count: -length & 3))
    entries.append(
      Entry(
        offset: offset, length: length, operation: operation, object: object, tolerating: tolerating,
        absence: absence))
  }

  /// Refuses an interface name that the kernel would cut or misread (`IFNAMSIZ`, `linux/if.h`).
  static func checkName(_ name: String, _ operation: String) throws(SystemError) {
    guard name.utf8.count <= 15 else {
      throw SystemError(
        operation: operation, object: name, errno: ENAMETOOLONG, kernelMessage: "an interface name has at most 15 bytes"
      )
    }
    guard !name.isEmpty, name != ".", name != "..",
      name.utf8.allSatisfy({ $0 > 32 && $0 != 127 && $0 != 47 && $0 != 58 })
    else { throw SystemError(operation: operation, object: name, errno: EINVAL, kernelMessage: "no interface name") }
  }

  /// Refuses an alias that does not fit (`IFALIASZ`, `linux/if.h`).
  static func checkAlias(_ alias: String?, of name: String, _ operation: String) throws(SystemError) {
    guard let alias, alias.utf8.count > 255 || alias.utf8.contains(0) else { return }
    throw SystemError(
      operation: operation, object: name, errno: EMSGSIZE, kernelMessage: "an alias has at most 255 bytes")
  }
}
