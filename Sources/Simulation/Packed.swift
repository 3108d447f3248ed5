import CZlib
import Quantities

/// Files that gzip packed (RFC 1952).
public enum Packed {
  /// Most bytes that come out: a small file may hold ever so much.
  static let limit = 1 << 30

  /// The bytes themselves, or unpacked where they begin as gzip's do.
  ///
  /// - Throws: `bad-gzip` where they are damaged, `file-too-large` above 1 GiB.
  public static func unpacked(_ bytes: [UInt8], _ file: String) throws(Problem) -> [UInt8] {
    guard bytes.starts(with: [0x1f, 0x8b]) else { return bytes }
    var stream = z_stream()
    // 15 bits of window, and 16 more for gzip's header (zlib.h, inflateInit2).
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw damaged(file)
    }
    defer { inflateEnd(&stream) }
    var input = bytes
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var status = Z_OK
    input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      while status == Z_OK, result.count <= limit {
        chunk.withUnsafeMutableBufferPointer { chunk in
          stream.next_out = chunk.baseAddress
          stream.avail_out = UInt32(chunk.count)
          status = inflate(&stream, Z_NO_FLUSH)
          result.append(contentsOf: chunk[..<(chunk.count - Int(stream.avail_out))])
        }
        // Files that were packed one after another are one file.
        if status == Z_STREAM_END, stream.avail_in > 0 { status = inflateReset(&stream) }
      }
    }
    guard result.count <= limit else {
      throw Problem(
        .invalid, "file-too-large", "'\(file)' unpacks to more than \(limit >> 30) GiB.", remedy: "Split what it holds."
      )
    }
    guard status == Z_STREAM_END else { throw damaged(file) }
    return result
  }

  private static func damaged(_ file: String) -> Problem {
    Problem(
      .invalid, "bad-gzip", "'\(file)' begins as a packed file, but cannot be unpacked.",
      remedy: "Fetch it again, or unpack it with gzip(1) to see what is wrong.")
  }
}
