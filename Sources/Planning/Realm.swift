import Quantities

/// One installation's marks: everything that it makes in a kernel bears them, and nothing else is touched.
///
/// The tag tells installations on one machine apart (a test's, a demo's, the system's), so that none takes
/// another's objects for its own leftovers.
public struct Realm: Hashable, Codable, Sendable {
  /// Empty for the system's installation, else 5 letters and digits.
  public let tag: String

  /// The installation that keeps its state in `stateDirectory`, an absolute path.
  public init(stateDirectory: String) {
    tag =
      stateDirectory == Self.systemStateDirectory ? "" : ObjectNames.digits(ObjectNames.hash(stateDirectory), count: 5)
  }

  /// Where the system's installation keeps its state.
  public static let systemStateDirectory = "/var/lib/virtcloud"

  /// Prefix of the names of its network namespaces.
  public var namespacePrefix: String { "vc\(tag)-" }

  /// Alias of `lo` in each of its network namespaces: the proof that a namespace is ours, and the generation of
  /// the last plan that was applied to it.
  public func deviceMark(_ device: String, generation: UInt64) -> String {
    "\(deviceMarkPrefix)\(device), generation \(generation)"
  }

  /// What every mark of its devices begins with.
  public var deviceMarkPrefix: String { "virtcloud\(tag.isEmpty ? "" : " \(tag)") device " }

  /// The generation in a mark; nil where it is no mark of ours.
  public func generation(inMark mark: String) -> UInt64? {
    guard mark.hasPrefix(deviceMarkPrefix), let space = mark.lastIndex(of: " ") else { return nil }
    return UInt64(mark[space...].dropFirst())
  }

  /// What the mark of every cable to a machine's own interface begins with.
  public var trunkMarkPrefix: String { "virtcloud\(tag.isEmpty ? "" : " \(tag)") trunk " }

  /// Interface of such a cable in the machine's own network namespace, at most 15 characters; `namespace` is the
  /// device's.
  public func trunkInterface(of namespace: String) -> String {
    "vc" + ObjectNames.digits(ObjectNames.hash(namespace), count: 13)
  }

  /// Folder of its control groups in each hierarchy.
  public var cgroupFolder: String { tag.isEmpty ? "virtcloud" : "virtcloud-\(tag)" }

  /// Name of a device's network namespace; `kind` tells a host from a switch of the same name.
  func namespace(of device: Name, kind: String, substrate: Name) -> String {
    namespacePrefix + ObjectNames.digits(ObjectNames.hash("\(substrate)/\(kind)/\(device)"), count: 12)
  }
}
