/// Requests of a batch that the kernel refused; all others of the batch were carried out.
public struct NetlinkFailure: Error, Sendable, CustomStringConvertible {
  /// One for each refused request, in the order of the batch; never empty.
  public var errors: [SystemError]

  public init(errors: [SystemError]) {
    self.errors = errors
  }

  /// The first error, and how many more there are.
  public var description: String {
    guard let first = errors.first else { return "no error" }
    return errors.count == 1 ? "\(first)" : "\(first), and \(errors.count - 1) more"
  }
}
