import Capture
import Glibc
import Linux
import TestSupport

/// Two namespaces joined by one pair of interfaces `if2`; nothing is sent there but what the test sends.
final class TwoEnds {
  let near: NetworkNamespace
  let far: NetworkNamespace

  init() throws {
    near = try NetworkNamespace.createUnnamed(label: KernelTest.uniqueName())
    far = try NetworkNamespace.createUnnamed(label: KernelTest.uniqueName())
    for end in [near, far] {
      try end.writeSysctls([
        ("net/ipv6/conf/all/disable_ipv6", "1"), ("net/ipv6/conf/default/disable_ipv6", "1"),
      ])
    }
    var batch = NetlinkBatch()
    try batch.createVeth(
      name: "if2", index: 2, isUp: true,
      peer: VethPeer(name: "if2", index: 2, namespace: far.descriptor.rawValue, isUp: true))
    try near.netlink().commit(batch)
  }

  var points: [CapturePoint] {
    [
      CapturePoint(label: "near:if2", interface: "if2", place: .namespace(near)),
      CapturePoint(label: "far:if2", interface: "if2", place: .namespace(far)),
    ]
  }

  /// Sends frames from an end, by packet(7).
  func send(_ frames: [[UInt8]], from end: NetworkNamespace) throws {
    let sender = Descriptor(
      owning: try end.perform {
        try check(socket(AF_PACKET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0), "open", "packet socket")
      })
    // struct sockaddr_ll: family, protocol, interface, then what is unused here.
    var address = [UInt8](repeating: 0, count: 20)
    address[0] = UInt8(AF_PACKET)
    address[4] = 2
    for frame in frames {
      let sent = address.withUnsafeBytes { bytes in
        sendto(
          sender.rawValue, frame, frame.count, 0, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, 20)
      }
      try check(sent, "send", "frame")
    }
  }
}

/// A pipe: what a capture waits for to end, or where it writes.
final class Pipe {
  private(set) var reader: Descriptor?
  let writer: Descriptor

  init() throws {
    var ends: [Int32] = [0, 0]
    try check(pipe(&ends), "make", "pipe")
    for end in ends { try check(fcntl(end, F_SETFD, FD_CLOEXEC), "set flags of", "pipe") }
    reader = Descriptor(owning: ends[0])
    writer = Descriptor(owning: ends[1])
  }

  var readEnd: Int32 { reader?.rawValue ?? -1 }

  func signal() throws { try check(write(writer.rawValue, "x", 1), "write", "pipe") }

  func closeReader() { reader = nil }
}

/// A folder of the test's own.
final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/vct-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(operation: "make", object: "folder", errno: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(directory)
    rmdir(path)
  }

  func read(_ name: String) throws -> [UInt8] {
    let file = try Descriptor(opening: "\(path)/\(name)", O_RDONLY)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    let count = try check(Glibc.read(file.rawValue, &buffer, buffer.count), "read", name)
    return Array(buffer.prefix(count))
  }

  /// What tcpdump(8) reads in a file, a line a packet.
  func tcpdump(_ name: String) throws -> [String] {
    let out = try Descriptor(opening: "\(path)/out", O_WRONLY | O_CREAT | O_TRUNC)
    try ProcessRun.spawn(
      "/usr/bin/tcpdump", ["tcpdump", "-n", "-t", "-Z", "root", "-r", "\(path)/\(name)"],
      descriptors: [1: out.rawValue])
    return String(decoding: try read("out"), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
