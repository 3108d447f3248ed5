import Quantities

/// What an action is done to, as far as it matters for who may do it.
public struct Target: Hashable, Sendable {
  /// As a message names it: `infrastructure 'wave'`; empty where the action says it all.
  public var object: String
  /// Nil where it is nobody's, such as the substrate. Who wants to build something new names themselves, and the
  /// project that it is for.
  public var owner: UserName?
  /// The project that pays for the object; nil: its owner alone.
  public var project: Name?
  /// The host whose plans or reports it is about.
  public var host: Name?

  /// Without arguments the cloud as a whole.
  public init(_ object: String = "", owner: UserName? = nil, project: Name? = nil, host: Name? = nil) {
    self.object = object
    self.owner = owner
    self.project = project
    self.host = host
  }
}
