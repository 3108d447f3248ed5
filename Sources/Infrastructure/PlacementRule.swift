import Quantities

/// Which nodes must share a place, or must not.
public struct PlacementRule: Hashable, Codable, Sendable {
  public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
    /// All of them in one place (affinity).
    case together
    /// No two of them in one place (anti-affinity).
    case apart
  }

  public enum Place: String, Hashable, Codable, Sendable, CaseIterable { case host, site }

  public var kind: Kind
  public var place: Place
  /// Each once, two or more.
  public var nodes: [Name]

  public init(_ kind: Kind, _ place: Place = .host, nodes: [Name]) {
    self.kind = kind
    self.place = place
    self.nodes = nodes
  }
}
