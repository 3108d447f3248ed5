import COpenSSL
import Quantities

/// Answers of libcrypto.
public enum OpenSSL {
  /// Throws `cryptography-failed` unless libcrypto returned 1.
  public static func demand(_ result: Int32, _ what: String) throws(Problem) {
    if result != 1 { throw failure(what) }
  }

  /// What libcrypto could not do, with its own words; the thread's queue of errors is empty afterwards.
  public static func failure(_ what: String) -> Problem {
    Problem(
      .failed, "cryptography-failed", "libcrypto cannot \(what) (\(lastError())).",
      remedy: "Check the machine's OpenSSL configuration, /etc/ssl/openssl.cnf.")
  }

  /// The oldest error of this thread in libcrypto's words; the queue is empty afterwards, so that an error never
  /// shows up as that of a later call.
  public static func lastError() -> String {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0 else { return "no reason given" }
    var buffer = [UInt8](repeating: 0, count: 256)
    buffer.withUnsafeMutableBytes { ERR_error_string_n(code, $0.baseAddress, $0.count) }
    return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
  }
}
