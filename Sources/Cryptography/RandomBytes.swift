import Glibc
import Quantities

/// Random octets from the kernel: fit for keys and secrets, also right after the start.
public enum RandomBytes {
  /// By `getentropy(3)`, which is `getrandom(2)` repeated until there is enough. Throws `cryptography-failed` where
  /// the kernel gives none.
  public static func draw(_ count: Int) throws(Problem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // It gives 256 at a time at most.
    for start in stride(from: 0, to: count, by: 256) {
      let length = min(256, count - start)
      let result = bytes.withUnsafeMutableBytes { getentropy($0.baseAddress?.advanced(by: start), length) }
      if result != 0 {
        let code = errno
        throw Problem(
          .failed, "cryptography-failed", "The kernel gives no random bits (error \(code)).",
          remedy: "Let this process call getrandom(2).")
      }
    }
    return bytes
  }
}
