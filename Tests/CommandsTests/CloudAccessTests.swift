import API
import Controller
import Glibc
import Linux
import Quantities
import Testing

@testable import Commands

@Suite struct CloudAccessTests {
  private func problem(_ body: () throws -> Void) -> Problem? {
    do { try body() } catch let problem as Problem { return problem } catch { Issue.record(error) }
    return nil
  }

  /// A token that others may read is none.
  @Test func tokensAreTheOwnersOnly() throws {
    var template = Array("/tmp/vct-token-XXXXXX".utf8CString)
    let file = Descriptor(owning: mkstemp(&template))
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let text = Array("vct_secret\n".utf8)
    #expect(write(file.rawValue, text, text.count) == text.count)
    fchmod(file.rawValue, 0o600)
    #expect(try TokenFile.read(path) == "vct_secret")
    fchmod(file.rawValue, 0o640)
    #expect(problem { _ = try TokenFile.read(path) }?.code == "token-exposed")
    #expect(problem { _ = try TokenFile.read("/tmp/nothing-here") }?.code == "token-unreadable")
  }

  @Test func addressesAreChecked() {
    #expect(problem { _ = try CloudAccess(controllers: ["ftp://a"]).reader() }?.code == "endpoint-invalid")
    #expect(problem { _ = try CloudAccess(controllers: [","]).reader() }?.code == "no-address")
    let half = CloudAccess(controllers: ["https://a"], certificate: "/c.pem")
    #expect(problem { _ = try half.reader() }?.code == "half-identity")
  }

  /// Where nobody ever was, nobody is asked, and nothing is made.
  @Test func aCloudThatNeverWasIsEmpty() throws {
    let access = CloudAccess(state: "/tmp/vct-never-\(getpid())/state")
    #expect(try access.reader().infrastructures() == [])
    #expect(try access.reader().offers() == [] && access.reader().vlans() == [])
    #expect(try access.reader().substrate().isDefault)
    #expect(problem { _ = try access.client(for: "try", autostart: false) }?.code == "no-controller" || geteuid() != 0)
    #expect(Glibc.access("/tmp/vct-never-\(getpid())", F_OK) != 0)
  }

  /// What a service says of its start is what its starter hears.
  @Test func problemsPassThroughThePipe() throws {
    for told in [Problem(.failed, "busy", "It is.", remedy: "Wait."), nil] {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      let reader = Descriptor(owning: ends[0])
      if let told { ReadySignal.tell(told, ends[1]) } else { ReadySignal.tellReady(ends[1]) }
      let text = try ReadySignal.read(from: reader)
      #expect(ReadySignal.problem(in: text) == told && (text == ReadySignal.ready) == (told == nil))
    }
  }
}
