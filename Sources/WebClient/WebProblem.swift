import CCurl
import Glibc
import Quantities

/// What can be wrong with a request, each with its remedy. Codes: `server-…`.
enum WebProblem {
  /// The problem behind a result of libcurl (libcurl-errors(3)).
  ///
  /// `verification` is OpenSSL's X509_V_ERR_… (openssl-verification-options(1)), `errno` that of the last system call.
  static func from(
    _ code: CURLcode, url: String, text: String, verification: Int, errno: Int32, isConnected: Bool
  ) -> Problem {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      failed("server-unknown-host", url, "its host's name is not known", "Check the name and the name server.")
    case CURLE_COULDNT_CONNECT: connection(url, errno)
    case CURLE_OPERATION_TIMEDOUT where !isConnected:
      failed("server-unreachable", url, "no connection within the time: \(text)", "Check the address and the network.")
    case CURLE_OPERATION_TIMEDOUT:
      failed(
        "server-timeout", url, "no complete answer within the time: \(text)", "Try again; look at the server's log.")
    case CURLE_PEER_FAILED_VERIFICATION: certificate(url, verification, text)
    case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
      Problem(
        .invalid, "tls-files-unusable", "The certificates for '\(url)' cannot be used: \(text).",
        remedy: "Name readable PEM files: authority, certificate and the key that belongs to it.")
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED:
      failed("server-tls", url, "TLS failed: \(text)", "The server must speak TLS 1.3 and accept this certificate.")
    case CURLE_RECV_ERROR where text.contains("alert"):
      // TLS 1.3: a refusal of the client's certificate comes after the handshake, with the first read.
      failed("server-tls", url, "TLS failed: \(text)", "The server must accept this client's certificate.")
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
      failed("server-connection-lost", url, "the connection ended: \(text)", "Try again; look at the server's log.")
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
      failed("server-not-http", url, "it does not speak HTTP: \(text)", "Check the address and its port.")
    default:
      failed("server-failed", url, "\(text) (curl code \(code.rawValue))", "Check the address and the network.")
    }
  }

  private static func connection(_ url: String, _ code: Int32) -> Problem {
    switch code {
    case ECONNREFUSED:
      failed("server-refused", url, "connection refused", "Start the server, or name the address where it listens.")
    case ENOENT:
      failed("server-refused", url, "there is no such socket", "Start the server, or name the path of its socket.")
    case EACCES, EPERM:
      Problem(
        .notPermitted, "server-not-permitted", "'\(url)' may not be used: \(String(cString: strerror(code))).",
        remedy: "Ask for the right to use the socket.")
    default:
      failed(
        "server-unreachable", url, code == 0 ? "no connection" : String(cString: strerror(code)),
        "Check the address and the network.")
    }
  }

  private static func certificate(_ url: String, _ verification: Int, _ text: String) -> Problem {
    switch verification {
    case 10:
      failed("server-certificate-expired", url, "its certificate has expired", "Renew it, or set this machine's clock.")
    case 9:
      failed(
        "server-certificate-expired", url, "its certificate is not valid yet", "Set the clocks of both machines.")
    // X509_V_ERR_UNSPECIFIED: curl looks at the host's name first, and has not asked for the result then.
    case 0, 1, 62, 64:
      failed(
        "server-certificate-wrong-host", url, "its certificate is for another host (\(text))",
        "Name the host as the certificate does.")
    default:
      failed(
        "server-certificate-untrusted", url, "its certificate is not trusted (\(text))",
        "Name the file of the authority that signed it.")
    }
  }

  static func tooLarge(_ url: String, _ part: String, _ limit: Int) -> Problem {
    failed(
      "server-response-too-large", url, "the \(part) of its answer has more than \(limit) bytes",
      "Check the address, or ask for less at once.")
  }

  static func silent(_ url: String) -> Problem {
    failed("server-timeout", url, "it was silent for too long", "Try again; look at the server's log.")
  }

  static func interrupted(_ url: String) -> Problem {
    failed("interrupted", url, "the request was interrupted", "Ask again.")
  }

  static func redirects(_ url: String, _ reason: String) -> Problem {
    failed("server-redirects", url, reason, "Name the controller that leads.")
  }

  static func library(_ call: String, _ text: String) -> Problem {
    Problem(
      .failed, "curl-failed", "libcurl cannot work: \(call): \(text).", remedy: "Check libcurl and free memory.")
  }

  private static func failed(_ code: String, _ url: String, _ cause: String, _ remedy: String) -> Problem {
    Problem(.failed, code, "Cannot use '\(url)': \(cause).", remedy: remedy)
  }
}
