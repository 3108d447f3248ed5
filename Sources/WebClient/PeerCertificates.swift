import CCurl
import CWeb
import Quantities

/// What a server shows of itself, before anybody believes it.
public enum PeerCertificates {
  /// The certificates that a server sends in its handshake, PEM, its own first; none is checked.
  ///
  /// Nothing is sent beyond the handshake (TLS 1.3). Throws `Problem` `server-…` or `endpoint-invalid`.
  public static func read(from endpoint: Endpoint, timeout: Duration = .seconds(10)) throws -> [String] {
    let url = try endpoint.prefix()
    guard url.hasPrefix("https:") else {
      throw Endpoint.invalid(endpoint.description, "only https has certificates")
    }
    let transfer = try Transfer()
    let server = try Server(endpoint, ClientTLS(), WebLimits(connect: timeout))
    try transfer.prepare(WebRequest("GET", "/", timeout: timeout), url: url, server: server)
    let options: [(CURLoption, Int)] = [
      (CURLOPT_SSL_VERIFYPEER, 0), (CURLOPT_SSL_VERIFYHOST, 0), (CURLOPT_CERTINFO, 1), (CURLOPT_CONNECT_ONLY, 1),
    ]
    for (option, value) in options {
      let code = cweb_set_number(transfer.easy, Int32(option.rawValue), value)
      guard code == 0 else { throw WebProblem.library("curl_easy_setopt", "code \(code)") }
    }
    let code = curl_easy_perform(transfer.easy)
    _ = try transfer.finish(code)
    return certificates(of: transfer)
  }

  private static func certificates(of transfer: Transfer) -> [String] {
    guard let found = cweb_get_certificates(transfer.easy)?.assumingMemoryBound(to: curl_certinfo.self).pointee else {
      return []
    }
    return (0..<Int(found.num_of_certs)).compactMap { index in
      var next = found.certinfo[index]
      while let item = next {
        let text = String(cString: item.pointee.data)
        if text.hasPrefix("Cert:") { return String(text.dropFirst("Cert:".count)) }
        next = item.pointee.next
      }
      return nil
    }
  }
}
