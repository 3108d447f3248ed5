import Capture
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@Suite struct CaptureOutputTests {
  private let packets = [
    CapturedPacket(Frames.datagram(to: 53), time: 1_795_262_400_000_000_001),
    CapturedPacket(
      Frames.ethernet(0x0800, Frames.ipv4(6, Frames.tcp(1, 80, flags: 2))), time: 1_795_262_400_000_000_002),
  ]

  @Test(.enabled(if: access("/usr/bin/tcpdump", X_OK) == 0 || KernelTest.isStrict), arguments: [1, 2])
  func othersReadIt(points: Int) throws {
    let folder = try Folder()
    let stop = try Pipe()
    let path = folder.path + "/it"
    do {
      let file = try CaptureOutput.file(
        path, replaces: false, format: CaptureFormat(points: points), stop: stop.readEnd)
      try file.begin(labels: ["a:eth0", "b:eth0"], snapLength: 1000)
      for packet in packets { try file.write([packet]) }
      try file.end(CaptureTally(dropped: [0, 0]))
    }
    var status = stat()
    stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o600)
    let lines = try folder.tcpdump("it")
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("IP 10.0.0.1.4000 > 10.0.0.2.53: ") == true, "\(lines)")
    #expect(lines.last?.hasPrefix("IP 10.0.0.1.1 > 10.0.0.2.80: Flags [S]") == true, "\(lines)")
  }

  @Test func aFileThatIsThereStays() throws {
    let folder = try Folder()
    let stop = try Pipe()
    let path = folder.path + "/it"
    do {
      let old = try Descriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o644)
      try check(write(old.rawValue, "precious", 8), "write", path)
    }
    #expect {
      try CaptureOutput.file(path, replaces: false, format: .pcap, stop: stop.readEnd)
    } throws: { ($0 as? Problem)?.code == "file-exists" }
    #expect(try folder.read("it") == Array("precious".utf8))
    _ = try CaptureOutput.file(path, replaces: true, format: .pcap, stop: stop.readEnd)
    #expect(try folder.read("it").isEmpty)
    var status = stat()
    stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect {
      try CaptureOutput.file(folder.path + "/no/it", replaces: false, format: .pcap, stop: stop.readEnd)
    } throws: { ($0 as? Problem)?.message.contains("No such file") == true }
  }

  /// A reader that goes away, and one that stands still while an end is wanted, end the capture.
  @Test func readersThatDoNotRead() throws {
    signal(SIGPIPE, SIG_IGN)
    let (stop, stream) = (try Pipe(), try Pipe())
    let output = CaptureOutput.stream(stream.writer.rawValue, name: "pipe", format: .pcap, stop: stop.readEnd)
    try output.write(packets)
    let flood = [CapturedPacket([UInt8](repeating: 0, count: 200_000))]
    try stop.signal()
    #expect(throws: CaptureOutput.Ended.self) { try output.write(flood) }
    stream.closeReader()
    #expect(throws: CaptureOutput.Ended.self) { try output.write(packets) }
  }

  /// A disk that is full: the file keeps its whole records.
  @Test(KernelTest.requireRoot) func aFileThatCannotGrowIsWhole() throws {
    let folder = try Folder()
    try check(mount("tmpfs", folder.path, "tmpfs", 0, "size=16k"), "mount", folder.path)
    defer { umount2(folder.path, Int32(MNT_DETACH)) }
    let stop = try Pipe()
    let file = try CaptureOutput.file(folder.path + "/it", replaces: false, format: .pcap, stop: stop.readEnd)
    try file.begin(labels: ["a"], snapLength: 1000)
    let batch = (0..<3).map { CapturedPacket([UInt8](repeating: 7, count: 900), time: $0) }
    var fault: (any Error)?
    var batches = 0
    while fault == nil, batches < 100 {
      do {
        try file.write(batch)
        batches += 1
      } catch {
        fault = error
      }
    }
    #expect((fault as? Problem)?.remedy.contains("space") == true, "\(String(describing: fault))")
    #expect(batches > 0)
    #expect(try folder.read("it").count == 24 + batches * 3 * 916)
  }
}
