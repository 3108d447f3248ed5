import Quantities

/// The status with which the program ends; throw it to end with a status of one's own, such as that of `exec`.
public struct ExitStatus: Error, Hashable, Sendable {
  /// 0 to 255, as wait(2) reports it.
  public var code: Int32

  public init(_ code: Int32) {
    self.code = code
  }

  /// Everything was done.
  public static let done = ExitStatus(0)
  /// It was tried and failed.
  public static let failed = ExitStatus(1)
  /// Usage or file is malformed.
  public static let invalid = ExitStatus(2)
  /// Admission refused it.
  public static let refused = ExitStatus(3)
  /// The named thing does not exist.
  public static let notFound = ExitStatus(4)
  /// The caller may not do this.
  public static let notPermitted = ExitStatus(5)

  /// The one table from kinds of problems to exit statuses.
  public init(_ kind: Problem.Kind) {
    switch kind {
    case .invalid: self = .invalid
    case .refused: self = .refused
    case .notFound: self = .notFound
    case .notPermitted: self = .notPermitted
    case .failed: self = .failed
    }
  }
}
