import Glibc
import Linux
import Quantities
import Testing

@testable import Wires

@Suite("Keys of encrypted wires, and the list of what is wanted")
struct TunnelKeysTests {
  @Test("each wire and end has keys of its own, for root alone; made twice they stay; removed they are gone")
  func keys() throws {
    try withFolder { folder in
      let wires = ["w1", "w2"].map { TunnelKeys(key: $0, directory: folder + "/keys") }
      for keys in wires { try keys.make() }
      let texts = try wires.flatMap { keys in
        try TunnelSpec.Role.allCases.flatMap {
          [try TextFile.read(keys.privateKey(of: $0)), try keys.fingerprint(of: $0)]
        }
          + [try TextFile.read(keys.handshakeKey)]
      }
      #expect(Set(texts).count == 10)
      #expect(texts.contains { $0.hasPrefix("-----BEGIN PRIVATE KEY-----") })
      #expect(try wires[0].fingerprint(of: .initiator).count == 32 * 3 - 1)
      for keys in wires {
        #expect(try mode(of: keys.folder) == 0o700)
        for name in try PrivateFile.names(in: keys.folder) { #expect(try mode(of: keys.folder + "/" + name) == 0o600) }
        #expect(try PrivateFile.names(in: keys.folder).count == 5)
      }
      let before = try wires[0].fingerprint(of: .responder)
      try wires[0].make()
      #expect(try wires[0].fingerprint(of: .responder) == before)
      #expect(try wires[0].remove() && !wires[0].remove())
      #expect(try PrivateFile.names(in: folder + "/keys") == ["w2"])
    }
  }

  @Test("a half-made folder is replaced, and a killed process's draft is removed with the wire")
  func halfMade() throws {
    try withFolder { folder in
      let keys = TunnelKeys(key: "w1", directory: folder)
      try check(mkdir(keys.folder, 0o700), "make", keys.folder)
      try PrivateFile.write("half", to: keys.handshakeKey)
      try check(mkdir(folder + "/.w1.4711", 0o700), "make", "draft")
      try check(mkdir(folder + "/.w1.x", 0o700), "make", "another's")
      #expect(!keys.isMade)
      try keys.make()
      #expect(try keys.isMade && TextFile.read(keys.handshakeKey) != "half")
      #expect(try keys.remove())
      #expect(try PrivateFile.names(in: folder) == [".w1.x"])
    }
  }

  @Test("names that would leave the folder are refused", arguments: ["", ".", "..", ".w", "a/b", "a b", "ä"])
  func badNames(_ name: String) throws {
    let keys = TunnelKeys(key: name, directory: "/var/tmp/vct-never")
    #expect(try #require(throws: Problem.self) { try keys.make() }.code == "tunnel-key-name")
    #expect(throws: Problem.self) { try keys.remove() }
  }

  @Test("a list comes back as it was written, for root alone; two ends of one identity and a broken list are refused")
  func list() throws {
    try withFolder { folder in
      let path = folder + "/deep/wanted.json"
      let specs = try [TunnelSpec.Role.initiator, .responder].map { try Values.spec($0) }
      #expect(try TunnelList.read(path) == [])
      try TunnelList.write(specs.reversed(), to: path)
      #expect(try TunnelList.read(path) == specs)
      #expect(try mode(of: path) == 0o600)
      #expect(try PrivateFile.names(in: folder + "/deep") == ["wanted.json"])
      let twice = try #require(throws: Problem.self) { try TunnelList.write(specs + [specs[0]], to: path) }
      #expect(twice.code == "tunnel-twice" && twice.message.contains("lab/link"))
      #expect(try TunnelList.read(path) == specs)
      try PrivateFile.replace(path, with: "[{]")
      #expect(try #require(throws: Problem.self) { try TunnelList.read(path) }.code == "tunnel-list-broken")
    }
  }

  @Test("software that is not installed is named with its package")
  func missingSoftware() throws {
    let software = TunnelSoftware(program: "/nowhere/openvpn", package: "openvpn")
    let problem = try #require(throws: Problem.self) { try software.demand(for: "lab/link") }
    #expect(problem.code == "tunnel-software-missing" && problem.kind == .refused)
    #expect(problem.message.contains("lab/link") && problem.remedy.contains("'openvpn'"))
  }

  private func mode(of path: String) throws -> mode_t {
    var status = stat()
    try check(stat(path, &status), "stat", path)
    return status.st_mode & 0o7777
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/vct-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(operation: "make folder", object: "/tmp", errno: errno) }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let result = Result { try body(folder) }
    try ProcessRun.spawn("/bin/rm", ["rm", "-r", folder])
    try result.get()
  }
}
