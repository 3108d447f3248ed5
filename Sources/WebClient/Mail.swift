import CCurl
import CWeb
import Quantities

/// One mail of plain text (RFC 5322), handed to a server by SMTP.
public struct Mail: Hashable, Sendable {
  /// Addresses without names; the text's lines end with a line feed.
  public var from, to, subject, text: String

  /// Nothing is checked before it is sent.
  public init(from: String, to: String, subject: String, text: String) {
    (self.from, self.to, self.subject, self.text) = (from, to, subject, text)
  }

  /// The message as it goes over the line. Line ends and control characters in headers become spaces, so that nobody can
  /// add headers by a name.
  var message: String {
    func header(_ text: String) -> String {
      String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return [
      "From: \(header(from))", "To: \(header(to))", "Subject: \(header(subject))", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "Auto-Submitted: auto-generated",
      "", lines.joined(separator: "\r\n"), "",
    ].joined(separator: "\r\n")
  }

  /// Hands it to `server` (`smtp://…` or `smtps://…`), encrypted where the server can; waits up to 30 s.
  ///
  /// - Throws: `Problem` (`mail-failed`) that names the server and the cause.
  public func send(by server: String) throws(Problem) {
    var error = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
    let bytes = message
    let code = cweb_send_mail(server, "<\(from)>", "<\(to)>", bytes, bytes.utf8.count, 30, &error)
    guard code != 0 else { return }
    let text = error.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    throw Problem(
      .failed, "mail-failed", "The mail to \(to) was not taken by \(server): \(text.isEmpty ? "error \(code)" : text).",
      remedy: "Check 'notify: mail:' in the service's configuration.")
  }
}
