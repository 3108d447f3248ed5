import Foundation
import Glibc
import Testing

extension EndToEnd {
  private struct OfferRow: Decodable {
    var offer: Int?
    var kind: String
    var start: String
  }

  private struct BookingRow: Decodable {
    var resource: String
    var holder: String
    var state: String
  }

  private struct InfrastructureRow: Decodable {
    var name: String
    var phase: String
  }

  /// One machine that fills its host.
  private static func filling(_ name: String, site: String, rest: String = "") -> String {
    "name: \(name)\n\(rest)nodes:\n  m[1-2]: {cpu: 4, memory: 64MiB, site: \(site)}\n"
  }

  private func phases(_ cloud: TestInstallation) throws -> [String: String] {
    let rows = try JSONDecoder().decode(
      [InfrastructureRow].self, from: Data(try cloud.succeed("list", "-f", "json").utf8))
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.phase) })
  }

  private func bookings(_ cloud: TestInstallation, _ options: String...) throws -> [BookingRow] {
    let run = try cloud.run(["calendar", "-f", "json"] + options)
    #expect(run.status == 0, "\(run.error)")
    return try JSONDecoder().decode([BookingRow].self, from: Data(run.output.utf8))
  }

  /// Asks for something that does not fit and gets counter-offers.
  private func offers(_ cloud: TestInstallation, _ text: String, _ options: String...) throws -> [OfferRow] {
    let run = try cloud.run(["plan", "-t", "-", "-f", "json"] + options, input: text)
    try #require(run.status == 3, "\(run.status) \(run.error)")
    return try JSONDecoder().decode([OfferRow].self, from: Data(run.output.utf8))
  }

  /// What is reserved begins at its second, and ends, though nobody runs a command.
  @Test func reservationBeginsAndEndsByItself() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      let text = Files.lan("soon", 2, sites: ["east", "west"])
      let run = try cloud.run(["reserve", "-t", "-", "--start", "+3s", "--duration", "5s"], input: text)
      #expect(run.status == 0 && run.error.contains("begins by itself"), "\(run.error)")
      #expect(try phases(cloud) == ["soon": "reserved"])
      #expect(try cloud.vlans().isEmpty)
      #expect(try cloud.rows("soon").allSatisfy { $0.state == "reserved" })
      #expect(try cloud.exec("soon", "m1", "true").error.contains("not-begun"))
      #expect(try bookings(cloud, "--site", "east").contains { $0.holder == "soon" && $0.state == "reserved" })
      #expect(try Wait.until(seconds: 10) { try phases(cloud)["soon"] == "running" })
      #expect(try cloud.reaches("soon", "m1", "m2"))
      #expect(try Wait.until(seconds: 15) { try phases(cloud).isEmpty })
    }
  }

  /// What a machine may use follows its timeline, and the file, while it runs.
  @Test func limitsFollowTheTimeline() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      let nodes = "name: growing\nnodes:\n  a: {cpu: 0.5, memory: 64MiB}\n"
      try cloud.up(nodes + "timeline:\n  - {after: 3s, nodes: {a: {memory: 128MiB}}}\n")
      let process = try cloud.machines()[1]
      #expect(cloud.memoryLimits() == [64 << 20])
      #expect(try Wait.until(seconds: 8) { cloud.memoryLimits() == [128 << 20] })
      try cloud.up(nodes)
      #expect(cloud.memoryLimits() == [64 << 20])
      #expect(try cloud.machines()[1] == process, "it was never started anew")
    }
  }

  /// A full site: another one is offered, held, and taken with one command.
  @Test func anOfferIsTakenWithOneCommand() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Self.filling("first", site: "east", rest: "lease: {duration: 1h}\n"))
      let second = Self.filling("second", site: "east", rest: "lease: {duration: 10m}\n")
      let offered = try offers(cloud, second)
      #expect(Set(offered.map(\.kind)) == ["later", "elsewhere"])
      let elsewhere = try #require(offered.first { $0.kind == "elsewhere" }?.offer)
      // While it is held, nobody else gets that room.
      #expect(try bookings(cloud).contains { $0.holder == "second" && $0.state == "offered" })
      #expect(try cloud.run(["plan", "-t", "-"], input: Self.filling("third", site: "west")).status == 3)
      try cloud.succeed("up", "--offer", "\(elsewhere)")
      #expect(try phases(cloud) == ["first": "running", "second": "running"])
      #expect(try cloud.rows("second").allSatisfy { $0.host.hasPrefix("west") && $0.state == "running" })
      #expect(try !bookings(cloud).contains { $0.holder == "second" && $0.state == "offered" })
      let gone = try cloud.run(["up", "--offer", "\(elsewhere)"])
      #expect(gone.status == 4 && gone.error.contains("no-such-offer"), "\(gone.error)")
    }
  }

  /// An extension that does not fit is refused with what would fit; a reservation can be given up.
  @Test func leasesAreExtendedAndReleased() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Self.filling("first", site: "east", rest: "lease: {duration: 1h}\n"))
      let next = try cloud.run(
        ["reserve", "-t", "-", "--start", "+2h", "--duration", "1h"], input: Self.filling("next", site: "east"))
      #expect(next.status == 0, "\(next.error)")
      let long = try cloud.run(["extend", "first", "+3h"])
      #expect(long.status == 3 && long.error.contains("extension-does-not-fit"), "\(long.error)")
      let remedy = try #require(long.error.split(separator: " ").last { $0.contains("T") && $0.contains("Z") })
      try cloud.succeed("extend", "first", "--until", remedy.trimmingCharacters(in: .whitespacesAndNewlines))
      try cloud.succeed("release", "next")
      try cloud.succeed("extend", "first", "+3h")
      #expect(try cloud.run(["release", "first"]).status == 3)
      #expect(try cloud.run(["extend", "nobody", "+1h"]).status == 4)
      // An earlier end is a lease's end like any other.
      try cloud.succeed("release", "first", "--at", "+1s")
      #expect(try Wait.until(seconds: 10) { try phases(cloud).isEmpty })
    }
  }

  /// The user says what the embedding should be good at.
  @Test func theStrategyIsTheUsers() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      let run = try cloud.run(["up", "-t", "-", "--algorithm", "consolidate"], input: Files.lan("packed", 4))
      #expect(run.status == 0, "\(run.error)")
      #expect(Set(try cloud.rows("packed").map(\.host)).count == 1)
      try cloud.up(Files.lan("spread", 4))
      #expect(Set(try cloud.rows("spread").map(\.host)).count > 1)
    }
  }

  /// A calendar drawn; the obvious mistakes are told.
  @Test func calendarIsDrawn() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Self.filling("first", site: "east", rest: "lease: {duration: 1h}\n"))
      try cloud.succeed("calendar", "--host", "east-1", "-o", "east.svg")
      let drawn = try String(contentsOfFile: cloud.folder + "/east.svg", encoding: .utf8)
      #expect(drawn.contains("processor of host east-1") && drawn.contains("first"))
      #expect(try cloud.run(["calendar", "--host", "esat-1"]).error.contains("Did you mean east-1?"))
      #expect(try cloud.run(["calendar", "-o", "east.bmp"]).status == 2)
    }
  }

  /// Killed at each step of taking an offer: nothing is lost, and nothing is half taken.
  @Test func takingAnOfferKilledAtEveryStep() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      let text = Self.filling("second", site: "east", rest: "lease: {duration: 10m}\n")
      try cloud.up(Self.filling("first", site: "east", rest: "lease: {duration: 1h}\n"))
      try cloud.atEveryStep({ _ in
        let number = try #require(try offers(cloud, text).first { $0.kind == "elsewhere" }?.offer)
        return ["up", "--offer", "\(number)"]
      }) { step in
        // Either it was not taken, and is still held, or it was, and goes on.
        if try phases(cloud)["second"] == nil {
          #expect(try bookings(cloud).contains { $0.holder == "second" && $0.state == "offered" }, "step \(step)")
        } else {
          try cloud.succeed("gc")
          #expect(try phases(cloud)["second"] == "running", "step \(step)")
          try cloud.succeed("down", "second", "--yes")
        }
      }
    }
  }
}
