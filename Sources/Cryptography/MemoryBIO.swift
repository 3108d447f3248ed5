import COpenSSL
import Quantities

/// Bytes in memory as libcrypto's readers and writers want them.
public enum MemoryBIO {
  /// What `write` writes, as text. Throws `cryptography-failed`.
  public static func text(_ write: (OpaquePointer) -> Int32) throws(Problem) -> String {
    guard let sink = BIO_new(BIO_s_mem()) else { throw OpenSSL.failure("write PEM") }
    defer { BIO_free(sink) }
    try OpenSSL.demand(write(sink), "write PEM")
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = BIO_read(sink, &buffer, Int32(buffer.count))
      if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer.prefix(Int(count))
    }
  }

  /// Lets `read` read `bytes`; nil where it can make nothing of them, or they are more than 2 GiB.
  public static func read<Value>(_ bytes: [UInt8], _ read: (OpaquePointer) -> Value?) -> Value? {
    guard let count = Int32(exactly: bytes.count) else { return nil }
    return bytes.withUnsafeBytes { buffer in
      guard let source = BIO_new_mem_buf(buffer.baseAddress, count) else { return nil }
      defer { BIO_free(source) }
      return read(source)
    }
  }

  /// A password for PEM: none. Without one libcrypto would ask at the terminal.
  public static let noPassword:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
      { _, _, _, _ in -1 }
}
