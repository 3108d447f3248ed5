import API
import Quantities

extension Problem {
  /// The problem as the command line tells it: same code, remedy and exit status as if it had arisen here.
  public init(_ document: ProblemDocument) {
    self.init(
      Self.kind(ofStatus: document.status), document.code, document.detail, remedy: document.remedy,
      location: document.location)
  }

  /// The inverse of the service's table from kinds to status codes.
  private static func kind(ofStatus status: Int) -> Kind {
    switch status {
    case 401, 403: .notPermitted
    case 404: .notFound
    case 409: .refused
    case 400, 405, 406, 413, 415, 422: .invalid
    default: .failed
    }
  }
}
