/// A description in VXDL 2.0, the Virtual private eXecution infrastructure Description Language, as published
/// by VXDLforum.org: what stands in a file, nothing expanded, rounded or left out.
///
/// Numbers keep the text that they were written with. `VXDLReader` makes a document whose ids are unique and
/// whose ends exist; a document made by hand may be anything, and is checked where it is converted.
public struct VXDLDocument: Hashable, Sendable {
  /// How it is written down.
  public enum Dialect: String, Hashable, Sendable, CaseIterable {
    /// As published: root `description` in the namespace, values as elements.
    case published
    /// Root `virtualInfrastructure` without a namespace, ids as attributes, nodes with interfaces.
    case bare
  }

  /// The namespace of the published form.
  public static let namespace = "http://www.vxdlforum.org/vxdl"

  public var dialect: Dialect
  public var common: VXDLCommon
  public var owner: String?
  public var users: [String]
  /// In the order of the file.
  public var resources: [VXDLResource]
  /// In the order of the file.
  public var timeline: [VXDLEvent]

  public init(
    dialect: Dialect = .published, common: VXDLCommon, owner: String? = nil, users: [String] = [],
    resources: [VXDLResource] = [], timeline: [VXDLEvent] = []
  ) {
    self.dialect = dialect
    self.common = common
    self.owner = owner
    self.users = users
    self.resources = resources
    self.timeline = timeline
  }
}

/// What the infrastructure and each of its resources have.
public struct VXDLCommon: Hashable, Sendable {
  /// May contain spaces; not empty.
  public var id: String
  public var location: String?
  public var startDate: VXDLDate?
  public var totalTime: VXDLSpan?

  public init(id: String, location: String? = nil, startDate: VXDLDate? = nil, totalTime: VXDLSpan? = nil) {
    self.id = id
    self.location = location
    self.startDate = startDate
    self.totalTime = totalTime
  }
}

/// A moment at which capacities change.
public struct VXDLEvent: Hashable, Sendable {
  public var id: String
  /// From the start. VXDL gives no unit; VirtCloud takes seconds.
  public var delay: VXDLNumber

  public init(id: String, delay: VXDLNumber) {
    self.id = id
    self.delay = delay
  }
}
