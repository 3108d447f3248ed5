import CGnuTLS
import CWeb
import Quantities

/// The key that seals TLS session tickets; it leaves the process only as what it sealed, and ends with the server.
///
/// A client that comes back with a ticket saves both sides the signatures; the certificates it showed are in the
/// ticket. Sending one also acknowledges the handshake's end, for which clients would wait 40 ms that send their
/// request as a second small segment (Nagle's algorithm, RFC 896).
final class TicketKey {
  private var key = gnutls_datum_t()

  init() throws(Problem) {
    guard gnutls_session_ticket_key_generate(&key) == 0 else {
      throw Problem(
        .failed, "no-ticket-key", "GnuTLS makes no key for sessions.", remedy: "Look for memory and entropy.")
    }
  }

  deinit { web_server_forget(&key) }

  /// Lets the session be taken up again later. Without, it works all the same.
  func use(for session: gnutls_session_t) { _ = gnutls_session_ticket_enable_server(session, &key) }
}
