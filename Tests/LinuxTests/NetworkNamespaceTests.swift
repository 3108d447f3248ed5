import Glibc
import Linux
import TestSupport
import Testing

@Suite("Network namespaces", KernelTest.requireRoot, .serialized)
struct NetworkNamespaceTests {
  @Test("a named namespace is made once, opened, listed, deleted twice, and leaves nothing")
  func lifeOfAName() throws {
    let prefix = KernelTest.uniqueName()
    let name = prefix + "-a"
    // A first entry starts the thread and anything that it needs; what counts is what comes after.
    try NetworkNamespace.current().perform {}
    do {
      let made = try NetworkNamespace.create(named: name)
      #expect(try NetworkNamespace.open(named: name).identity == made.identity)
      #expect(try made.identity != NetworkNamespace.current().identity)
      #expect(try NetworkNamespace.names(prefix: prefix) == [name])
      let error = try #require(throws: SystemError.self) { try NetworkNamespace.create(named: name) }
      #expect(error.isExists && error.object.hasSuffix(name))
      #expect(try NetworkNamespace.open(named: name).identity == made.identity)
    }
    #expect(try NetworkNamespace.delete(named: name))
    #expect(try NetworkNamespace.delete(named: name) == false)
    #expect(try NetworkNamespace.names(prefix: prefix).isEmpty)
    let error = try #require(throws: SystemError.self) { try NetworkNamespace.open(named: name) }
    #expect(error.isNotFound)
  }

  @Test("the file of a creation that was killed half-way is no namespace, is listed, and is deleted")
  func halfMade() throws {
    let name = KernelTest.uniqueName()
    try NetworkNamespace.delete(named: try NetworkNamespace.create(named: name).label)
    _ = try Descriptor(opening: NetworkNamespace.folder + "/" + name, O_RDONLY | O_CREAT | O_EXCL)
    let error = try #require(throws: SystemError.self) { try NetworkNamespace.open(named: name) }
    #expect(error.isNotFound)
    #expect(try NetworkNamespace.names(prefix: name) == [name])
    #expect(try NetworkNamespace.delete(named: name))
    #expect(try NetworkNamespace.names(prefix: name).isEmpty)
  }

  @Test("names that would leave the folder are refused", arguments: ["", ".", "..", "../etc", "a/b", "a\0b"])
  func badNames(_ name: String) {
    #expect(throws: SystemError.self) { try NetworkNamespace.create(named: name) }
    #expect(throws: SystemError.self) { try NetworkNamespace.delete(named: name) }
  }

  @Test("a setting stays inside its namespace; one that is not there is not found")
  func settingsStayInside() throws {
    let inside = try NetworkNamespace.createUnnamed(label: "inside")
    let outside = try NetworkNamespace.createUnnamed(label: "outside")
    try inside.writeSysctls([("net/ipv4/ip_forward", "1"), ("net/ipv6/conf/default/disable_ipv6", "1")])
    #expect(try inside.readSysctl("net/ipv4/ip_forward") == "1")
    #expect(try outside.readSysctl("net/ipv4/ip_forward") == "0")
    #expect(try outside.readSysctl("net/ipv6/conf/default/disable_ipv6") == "0")
    try inside.writeSysctls([], optional: [("net/no/such", "1"), ("net/ipv4/ip_forward", "0")])
    #expect(try inside.readSysctl("net/ipv4/ip_forward") == "0")
    let error = try #require(throws: SystemError.self) { try inside.writeSysctl("net/no/such", "1") }
    #expect(error.isNotFound)
  }

  @Test("a call within a call comes back to the outer namespace, errors come out, and the caller stays outside")
  func nestedCalls() throws {
    struct Failure: Error {}
    let outer = try NetworkNamespace.createUnnamed(label: "outer")
    let inner = try NetworkNamespace.createUnnamed(label: "inner")
    let seen = try outer.perform { () -> [NetworkNamespace.Identity] in
      let first = try here()
      let second = try inner.perform { try here() }
      #expect(throws: Failure.self) { try inner.perform { throw Failure() } }
      return [first, second, try here()]
    }
    #expect(seen == [outer.identity, inner.identity, outer.identity])
    #expect(throws: Failure.self) { try outer.perform { throw Failure() } }
    #expect(try here() == NetworkNamespace.current().identity)
  }

  @Test("a process's namespace is opened by its number; a process that is not there is not found")
  func namespaceOfProcess() throws {
    #expect(try NetworkNamespace.open(process: getpid()).identity == NetworkNamespace.current().identity)
    let error = try #require(throws: SystemError.self) { try NetworkNamespace.open(process: 0x7fff_fff0) }
    #expect(error.isNotFound)
  }

  @Test("namespaces, sockets and entries leave no descriptor open")
  func noDescriptorLeaks() throws {
    func work() throws {
      for _ in 0..<20 {
        let namespace = try NetworkNamespace.createUnnamed(label: "leak")
        #expect(try namespace.netlink().links().count == 1)
      }
    }
    try work()
    let before = try netDescriptors()
    try work()
    #expect(try netDescriptors() <= before)
  }

  private func here() throws -> NetworkNamespace.Identity {
    try NetworkNamespace(Descriptor(opening: "/proc/thread-self/ns/net", O_RDONLY), label: "here").identity
  }

  /// Namespaces alone: sockets of suites that run beside this one come and go.
  private func netDescriptors() throws -> Int {
    try Leftovers.openDescriptors().filter { $0.hasPrefix("net:") }.count
  }
}
