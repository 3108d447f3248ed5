import Agent
import Quantities

/// Something that a controller wants of a host's agent at once, beside its plans.
///
/// Agents fetch errands by a long poll of their own; one that never asks for them is older than they are.
public struct Errand: Codable, Hashable, Sendable {
  /// What there is to be done. An agent refuses a kind that it does not know.
  public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
    /// Read the counters of an infrastructure's part on the host.
    case counters
    /// Run a program in one of its machines, in a terminal that bears the errand's `id`.
    case terminal
  }

  /// 1 to 64 lower-case letters and digits.
  public var id: String
  /// A `Kind`, or what a newer controller knows.
  public var kind: String
  /// Of the infrastructure.
  public var number: UInt32
  /// With `terminal`.
  public var terminal: TerminalErrand?

  /// An errand; `terminal` only with that kind.
  public init(id: String, _ kind: Kind, number: UInt32, terminal: TerminalErrand? = nil) {
    (self.id, self.kind, self.number, self.terminal) = (id, kind.rawValue, number, terminal)
  }

  /// True where it can stand in a path and in a log.
  public static func isID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
  }
}

/// A program to be run in a machine.
public struct TerminalErrand: Codable, Hashable, Sendable {
  /// The machine's key in the host's plan.
  public var machine: String
  /// 1 to 1000 each.
  public var columns, rows: Int
  /// Program and arguments, 1 to 256 words.
  public var command: [String]

  /// A program with its window, 1 to 1000 columns and rows.
  public init(machine: String, columns: Int, rows: Int, command: [String]) {
    (self.machine, self.columns, self.rows, self.command) = (machine, columns, rows, command)
  }
}

/// `GET /v1/agents/{host}/errands?life=LIFE&wait=SECONDS`: answered when there is an errand, or after the wait.
public struct ErrandsDocument: Codable, Hashable, Sendable {
  /// Whom they are for.
  public var host: Name
  /// At most `most`, the oldest first; empty where there was nothing to do.
  public var errands: [Errand]

  /// The most errands of one answer.
  public static let most = 64

  /// `errands` are at most `most`.
  public init(host: Name, errands: [Errand]) { (self.host, self.errands) = (host, errands) }
}

/// `POST /v1/agents/{host}/errands/{id}`: what came of one.
public struct ErrandAnswer: Codable, Hashable, Sendable {
  /// With `counters`: of the devices that carry the infrastructure.
  public var readings: [DeviceReading]?
  /// Why it was not done.
  public var problem: Problem?

  /// Either readings or a problem, or neither where a terminal was opened.
  public init(readings: [DeviceReading]? = nil, problem: Problem? = nil) {
    (self.readings, self.problem) = (readings, problem)
  }
}

/// `GET /v1/agents/{host}/terminals/{id}/input?after=OCTETS&sizes=COUNT&wait=SECONDS`: what is to be done with a
/// terminal; answered when there is something, or after the wait.
public struct TerminalInput: Codable, Hashable, Sendable {
  /// Octets that were typed before these; those are known to have arrived.
  public var after: Int
  /// What is typed, base64.
  public var data: String
  /// Its last size, where it was changed more than `sizes` times.
  public var size: TerminalSize?
  /// How often its size was changed.
  public var sizes: Int
  /// It is to be ended.
  public var isHungUp: Bool

  /// The most octets of one answer.
  public static let most = 64 << 10

  /// `data` is base64.
  public init(after: Int, data: String, size: TerminalSize?, sizes: Int, isHungUp: Bool) {
    (self.after, self.data, self.size, self.sizes, self.isHungUp) = (after, data, size, sizes, isHungUp)
  }
}

/// `POST /v1/agents/{host}/terminals/{id}/exit`: its program has ended.
public struct TerminalExit: Codable, Hashable, Sendable {
  /// 0 to 255; 128 and the signal where one ended it.
  public var status: Int32

  /// `status` is 0 to 255.
  public init(status: Int32) { self.status = status }
}
