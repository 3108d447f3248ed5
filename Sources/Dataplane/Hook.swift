import Linux

extension Dataplane {
  /// A program, and with it the place at which it belongs; see `virtcloud.bpf.c`.
  public enum Hook: String, CaseIterable, Sendable {
    /// Ingress of a guest's port.
    case `guard`
    /// Egress of a network's trunk port.
    case tag
    /// Ingress of a host's uplink.
    case untag
    /// Ingress of a switch's port.
    case forward

    var direction: TrafficDirection { self == .tag ? .egress : .ingress }

    /// Its place on the anchor, where all of them meet.
    var priority: UInt16 {
      switch self {
      case .guard: 1
      case .tag: 2
      case .untag: 3
      case .forward: 4
      }
    }

    var role: Role { self == .forward ? .switch : .host }
  }

  /// What a device is: programs and tables of a role are loaded together, those of the other are not, as a
  /// switch's table of stations takes megabytes.
  enum Role: CaseIterable {
    case host
    case `switch`

    var hooks: [Hook] { Hook.allCases.filter { $0.role == self } }

    /// Tables by their names in `tables.h` and `switch.h`.
    var maps: [String] {
      switch self {
      case .host:
        [
          "drops", "port_drops", "tallies", "ports", "addresses", "meters", "networks", "exits", "arrivals", "trunks",
          "residents", "slots", "sightings", "last_reason", "watched", "steps",
        ]
      case .switch:
        ["drops", "memberships", "domains", "routes", "stations", "last_reason", "watched", "steps"]
      }
    }
  }
}
