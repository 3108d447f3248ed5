import Controller
import Infrastructure
import Quantities

/// Long work: `GET /v1/operations/{id}`.
public struct OperationDocument: Codable, Hashable, Sendable {
  /// Names it in `/v1/operations/{id}`.
  public var id: String
  /// `build`, `change`, `end`, `retry`, `pause`, `resume`, `apply-substrate`, `drain` …
  public var kind: String
  /// The infrastructure, host or substrate that it works on.
  public var target: String
  /// Who asked for it.
  public var user: String
  /// Running, or how it ended.
  public var state: Operation.State
  /// When it was accepted, UTC.
  public var created: Timestamp
  /// When it ended, UTC; absent while it runs.
  public var finished: Timestamp?
  /// What it is at, and how far; grows with each change, so that a client can wait for the next.
  public var progress: Operation.Progress
  /// Counts the changes of this document.
  public var version: Int
  /// Why it failed.
  public var problem: ProblemDocument?
  /// What went wrong beside: routers that did not take their users' settings, say.
  public var warnings: [ProblemDocument]
  /// What is done at once, in words: leftovers that were found, the new end of a lease.
  public var results: [String]
}

/// RFC 9457 problem details, with the code and remedy of the command line.
public struct ProblemDocument: Codable, Hashable, Error, Sendable {
  /// `https://virtcloud.invalid/problems/CODE`.
  public var type: String
  /// The kind of problem, for people.
  public var title: String
  /// The HTTP status with which it is answered.
  public var status: Int
  /// Stable, in kebab case: what programs look at.
  public var code: String
  /// One sentence that names the object.
  public var detail: String
  /// What the user can do about it.
  public var remedy: String
  /// `FILE:LINE:COLUMN`.
  public var location: String?
  /// What could be had instead of what was refused.
  public var offers: [OfferDocument]?
}
