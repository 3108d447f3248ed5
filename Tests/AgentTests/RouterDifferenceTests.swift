import Infrastructure
import Machines
import Planning
import Quantities
import Testing

@testable import Agent

/// What is done in a router, as a pure function of what is wanted, noted and there.
@Suite struct RouterDifferenceTests {
  private let bird = RouterSoftware(
    routing: .bird(configuration: "router id 1.1.1.1;"), nftables: "table inet x {}",
    qdiscs: ["eth0": ["pfifo", "limit", "100"], "eth1": ["tbf"]])
  private let frr = RouterSoftware(routing: .frr(configuration: "router ospf", daemons: [.bfdd, .ospfd]))
  private let kinds = ["eth0": "pfifo", "eth1": "tbf"]

  /// The record of a router in which all of `software` was done.
  private func done(_ software: RouterSoftware) -> RouterRecord {
    var record = RouterRecord(life: "7-1")
    record.marks = software.marks
    record.programs = Set(software.programs)
    return record
  }

  @Test func everythingIsNew() {
    let difference = RouterDifference(
      bird, RouterRecord(life: "7-1"), programs: ["vc-init"], kinds: ["eth0": "", "eth1": "noqueue"])
    #expect(difference.ruleset == "table inet x {}" && difference.qdiscs == ["eth0", "eth1"])
    #expect(difference.configures && difference.starts == ["bird"] && difference.ends.isEmpty)
  }

  @Test func whatWasDoneIsNotDoneAgain() {
    #expect(RouterDifference(bird, done(bird), programs: ["vc-init", "bird"], kinds: kinds).isEmpty)
    let all: Set = ["vc-init", "zebra", "staticd", "bfdd", "ospfd", "sh"]
    #expect(RouterDifference(frr, done(frr), programs: all, kinds: [:]).isEmpty)
    #expect(RouterDifference(nil, RouterRecord(life: "7-1"), programs: ["bird"], kinds: [:]).isEmpty)
  }

  @Test func aNewTextIsHandedOver() {
    var other = bird
    other.routing = .bird(configuration: "router id 1.1.1.2;")
    let difference = RouterDifference(other, done(bird), programs: ["bird"], kinds: kinds)
    #expect(difference.configures && difference.starts.isEmpty && difference.ends.isEmpty)
    #expect(difference.ruleset == nil && difference.qdiscs.isEmpty)
  }

  @Test func whatDiedStartsAgain() {
    let difference = RouterDifference(bird, done(bird), programs: [], kinds: kinds)
    #expect(difference.configures && difference.starts == ["bird"])
    let one = RouterDifference(frr, done(frr), programs: ["zebra", "staticd", "bfdd"], kinds: [:])
    #expect(one.configures && one.starts == ["ospfd"] && one.ends.isEmpty)
  }

  /// zebra has no routes of daemons that knew another zebra.
  @Test func withoutZebraAllStartAgain() {
    let difference = RouterDifference(frr, done(frr), programs: ["staticd", "bfdd", "ospfd"], kinds: [:])
    #expect(difference.starts == ["zebra", "staticd", "bfdd", "ospfd"])
    #expect(difference.ends == ["staticd", "bfdd", "ospfd"])
  }

  @Test func anotherSoftwareTakesThePlace() {
    let difference = RouterDifference(frr, done(bird), programs: ["bird"], kinds: kinds)
    #expect(difference.ends == ["bird"] && difference.starts == ["zebra", "staticd", "bfdd", "ospfd"])
    #expect(difference.ruleset == "" && difference.removedQdiscs == ["eth0", "eth1"])
    let fewer = RouterSoftware(routing: .frr(configuration: "router ospf", daemons: [.ospfd]))
    let less = RouterDifference(fewer, done(frr), programs: ["zebra", "staticd", "bfdd", "ospfd"], kinds: [:])
    #expect(less.ends == ["bfdd"] && less.starts.isEmpty && less.configures)
    let none = RouterDifference(nil, done(frr), programs: ["zebra", "staticd", "bfdd", "ospfd"], kinds: [:])
    #expect(none.ends == ["zebra", "staticd", "bfdd", "ospfd"] && !none.configures)
  }

  /// A user's own program is no business of ours.
  @Test func whatWeDidNotStartStays() {
    let difference = RouterDifference(frr, RouterRecord(life: "7-1"), programs: ["bird"], kinds: [:])
    #expect(difference.ends.isEmpty)
  }

  @Test func aQueueThatVanishedIsSetAgain() {
    let difference = RouterDifference(
      bird, done(bird), programs: ["bird"], kinds: ["eth0": "noqueue", "eth1": "tbf"])
    #expect(difference.qdiscs == ["eth0"] && difference.ruleset == nil)
  }

  /// The end of a wire that was disconnected has no queue, and what was noted of it is forgotten.
  @Test func aQueueWaitsForItsInterface() {
    let gone = RouterDifference(bird, done(bird), programs: ["bird"], kinds: ["eth1": "tbf"])
    #expect(gone.qdiscs.isEmpty && gone.removedQdiscs == ["eth0"])
    let new = RouterDifference(bird, RouterRecord(life: "7-1"), programs: [], kinds: ["eth1": "noqueue"])
    #expect(new.qdiscs == ["eth1"] && new.removedQdiscs.isEmpty)
  }

  @Test func aRecordSurvives() throws {
    let record = done(bird)
    #expect(RouterRecord(record.text, life: "7-1") == record)
    #expect(RouterRecord(record.text, life: "8-1") == nil && RouterRecord("", life: "7-1") == nil)
    #expect(RouterRecord("7-1 programs= x", life: "7-1") == nil)
    #expect(!record.text.contains("\n") && record.text.hasPrefix("7-1 programs=bird "))
    #expect(RouterRecord(RouterRecord(life: "1-2").text, life: "1-2") == RouterRecord(life: "1-2"))
  }
}

/// What programs in routers say, who may be hostile.
@Suite struct RouterWordsTests {
  private func excerpt(_ output: String, status: Int32 = 1) -> String {
    RouterWords.excerpt(MachineAnswer(status: status, output: output))
  }

  @Test func linesBecomeASentence() {
    #expect(
      excerpt("bird: /etc/bird/bird.conf.new:3:1 syntax error.\n") == "bird: /etc/bird/bird.conf:3:1 syntax error")
    #expect(excerpt("a\n\n  b \n^^^\nc\nd\n") == "a; b; c")
    #expect(excerpt("", status: 9) == "it ended with status 9")
  }

  @Test func terminalsAreLeftAlone() {
    #expect(excerpt("\u{1b}[91mERROR\u{1b}[0m: no\u{7}\r") == "ERROR: no")
    #expect(excerpt("\u{1b}]0;title") == "it ended with status 1")
    #expect(excerpt("a\u{202e}b\u{9b}c") == "a b c")
  }

  @Test func lengthIsBounded() {
    #expect(excerpt(String(repeating: "x", count: 100_000)).count <= 401)
    #expect(excerpt(String(repeating: "xy\n", count: 100_000)) == "xy; xy; xy")
  }
}
