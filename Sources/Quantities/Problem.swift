/// Something that stands in a user's way: one sentence that names the object, and the remedy.
///
/// Every boundary floor throws this type, so that the command line (exit status) and later the service
/// (HTTP status) can answer from one table keyed by `kind`.
public struct Problem: Error, Hashable, Codable, Sendable {
  /// What sort of answer it is; maps to the exit status.
  public enum Kind: String, Hashable, Codable, Sendable {
    /// The request is malformed: usage or file (exit 2).
    case invalid
    /// Well-formed, but the substrate cannot carry it (exit 3).
    case refused
    /// The named thing does not exist (exit 4).
    case notFound
    /// The caller may not do this (exit 5).
    case notPermitted
    /// It was tried and failed (exit 1).
    case failed
  }

  public var kind: Kind
  /// A stable machine-readable code in kebab case, such as `duplicate-name`.
  public var code: String
  /// One sentence that names the object.
  public var message: String
  /// What the user can do about it; one sentence.
  public var remedy: String
  /// `FILE:LINE:COLUMN` where the fault is in a file.
  public var location: String?

  public init(_ kind: Kind, _ code: String, _ message: String, remedy: String, location: String? = nil) {
    self.kind = kind
    self.code = code
    self.message = message
    self.remedy = remedy
    self.location = location
  }
}
