import CGnuTLS
import CMicroHTTPD
import CWeb
import Glibc

/// One client's connection, touched by its loop's thread only.
final class Connection {
  /// What the connection is at.
  enum Phase {
    /// A request (or the handshake before it) is on its way.
    case receiving
    /// A whole request is there: it is being answered.
    case answering
    /// Between two requests.
    case idle
  }

  /// For what the loop itself watches the socket.
  enum Watch {
    case nothing
    case data
    case hangUp
  }

  let number: UInt64
  let descriptor: Int32
  let isTLS: Bool
  /// By whom connections are counted: an address, or `user N`.
  let origin: String
  /// Who it is; the certificates are added with the first request.
  private(set) var peer: Peer
  private var hasReadCertificates = false
  var phase = Phase.receiving
  /// When the phase began, in milliseconds of the loop's clock.
  var since: Int64
  var watch = Watch.nothing
  /// The loop's epoll knows the socket.
  var isRegistered = false
  var isSuspended = false
  /// The first line of a request has come.
  var hasAsked = false
  /// It was told to go, and only has to be closed.
  var isDismissed = false
  /// It was refused while its client was sending.
  var lingers = false
  /// What libmicrohttpd calls it; nil before and after.
  var handle: OpaquePointer?
  var exchange: Exchange?
  /// Lives as long as the handshake that may use it.
  var identity: LoadedIdentity?

  init(number: UInt64, descriptor: Int32, isTLS: Bool, origin: String, peer: Peer, since: Int64) {
    (self.number, self.descriptor, self.isTLS, self.origin) = (number, descriptor, isTLS, origin)
    (self.peer, self.since) = (peer, since)
  }

  /// The client's certificates are in the session once the first request is there.
  func identifiedPeer() -> Peer {
    guard isTLS, !hasReadCertificates, case .remote(let address, _) = peer, let handle else { return peer }
    hasReadCertificates = true
    var count: UInt32 = 0
    guard let session = web_server_session(handle), let list = gnutls_certificate_get_peers(session, &count)
    else { return peer }
    let certificates = (0..<Int(count)).map { index in
      Array(UnsafeBufferPointer(start: list[index].data, count: Int(list[index].size)))
    }
    peer = .remote(address: address, certificates: certificates)
    return peer
  }

  /// Writes an answer past libmicrohttpd, which takes none in the midst of a request, as far as it goes at once.
  func writeRaw(_ bytes: [UInt8]) {
    if isTLS {
      guard let handle, exchange != nil, let session = web_server_session(handle) else { return }
      _ = gnutls_record_send(session, bytes, bytes.count)
    } else {
      _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }
  }

  /// Ends the connection in both directions; libmicrohttpd sees it and closes.
  func dismiss() {
    isDismissed = true
    _ = shutdown(descriptor, Int32(SHUT_RDWR))
  }
}
