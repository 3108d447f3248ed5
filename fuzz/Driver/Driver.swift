import FuzzBodies
import Glibc

/// libFuzzer's own entry points; its library brings `main`. VIRTCLOUD_FUZZ_TARGET names the target.
private let target: FuzzTarget = {
  let name = getenv("VIRTCLOUD_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    perror("fuzz-readers: set VIRTCLOUD_FUZZ_TARGET to one of \(names)")
    exit(2)
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
