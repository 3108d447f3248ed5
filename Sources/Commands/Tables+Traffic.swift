import Agent
import CommandLine
import Controller
import Infrastructure
import Planning
import Quantities

extension Table {
  /// An infrastructure's wires.
  init(wiresOf admission: Admission, fastPath: Bool, states: [Name: String]) {
    self.init([
      Column("wire"), Column("first"), Column("second"), Column("type"), Column("carried_by", "carried by"),
      Column("identifier"), Column("rate"), Column("reverse_rate", "reverse rate"), Column("delay"), Column("loss"),
      Column("state"),
    ])
    for wire in admission.infrastructure.networks where wire.kind == .wire {
      let ends = wire.endpoints.map { "\($0.node):\($0.interface)" }
      let carried = CarriedBy(wire, of: admission, fastPath: fastPath)
      let vlans = Set((admission.vlans[wire.name] ?? [:]).values.map { Int($0.rawValue) }).sorted()
      let identifier: Cell =
        switch carried {
        case .vlan: Cell(vlans.map(String.init).joined(separator: ","))
        case .vxlan: Cell(admission.networkNumbers[wire.name].map { "\($0)" })
        default: Cell(String?.none)
        }
      append([
        "\(wire.name)", Cell(ends.first), Cell(ends.last), "\(wire.type.rawValue)", "\(carried.rawValue)", identifier,
        .string(wire.rate.text), .string((wire.reverseRate ?? wire.rate).text),
        .string(wire.impairment.delay.text), .string(wire.impairment.lossText),
        Cell(states[wire.name]),
      ])
    }
  }

  /// What an infrastructure's networks are promised, may use now, and have used.
  init(rates view: TrafficView) {
    self.init([
      Column("network"), Column("kind"), Column("from"), Column("promised"), Column("allowed"), Column("second"),
      Column("minute"), Column("frames"), Column("dropped"),
    ])
    let infrastructure = view.admission.infrastructure
    let flows = TrafficFlows(view)
    for (network, row) in zip(infrastructure.networks, view.networks) {
      for (position, endpoint) in network.endpoints.enumerated() {
        let flow = flows.port(endpoint)
        let isForward = position == 0 || network.kind == .segment
        append([
          "\(network.name)", "\(network.kind.rawValue)", "\(endpoint.node):\(endpoint.interface)",
          "\(isForward ? row.minimum : row.reverseMinimum)",
          Cell((isForward ? row.allowed : row.reverseAllowed)?.description ?? "unlimited"),
          "\(flow.in.lastSecond.rounded)", "\(flow.in.lastMinute.rounded)", .int(Int(clamping: flow.in.frames)),
          .int(Int(clamping: flows.queueDrops(of: network, at: position))),
        ])
      }
    }
  }

  /// What was dropped of an infrastructure's frames, where and why.
  init(drops view: TrafficView) {
    self.init([Column("place"), Column("reason"), Column("frames")])
    let flows = TrafficFlows(view)
    for network in view.admission.infrastructure.networks {
      for endpoint in network.endpoints {
        for (reason, frames) in flows.drops(at: endpoint).sorted(by: { $0.key < $1.key }) where frames > 0 {
          append(["\(endpoint.node):\(endpoint.interface)", .string(reason), .int(Int(clamping: frames))])
        }
      }
      for share in flows.shares(of: network) where share.share.drops > 0 {
        append([
          .string("\(network.name) at \(share.device) \(share.share.interface)"), "queue-full",
          .int(Int(clamping: share.share.drops)),
        ])
      }
    }
  }
}

/// Finds what was counted for an infrastructure's endpoints and networks.
struct TrafficFlows {
  private let view: TrafficView
  /// Device and interface name of each port, by `NODE:INTERFACE`.
  private var ports: [String: (device: Name, port: String)] = [:]

  init(_ view: TrafficView) {
    self.view = view
    for plan in view.plans {
      for slice in plan.slices where slice.infrastructure == view.admission.infrastructure.name {
        for machine in slice.machines {
          for port in machine.ports { ports["\(machine.name):\(port.interface)"] = (plan.device, port.port) }
        }
      }
    }
  }

  func port(_ endpoint: Endpoint) -> DeviceReading.Flow {
    guard let place = ports["\(endpoint.node):\(endpoint.interface)"] else { return .init() }
    return view.readings[place.device]?.ports[place.port] ?? .init()
  }

  func drops(at endpoint: Endpoint) -> [String: UInt64] {
    guard let place = ports["\(endpoint.node):\(endpoint.interface)"] else { return [:] }
    return view.readings[place.device]?.portDrops[place.port] ?? [:]
  }

  /// Its classes, on every link that it crosses.
  func shares(of network: Network) -> [(device: Name, share: DeviceReading.Share)] {
    guard let number = view.admission.networkNumbers[network.name] else { return [] }
    return view.plans.flatMap { plan in
      (view.readings[plan.device]?.shares ?? []).filter { $0.network == number }.map { (plan.device, $0) }
    }
  }

  /// Frames that found the queue of the host's uplink full on their way from this end.
  func queueDrops(of network: Network, at position: Int) -> UInt64 {
    guard let device = ports["\(network.endpoints[position].node):\(network.endpoints[position].interface)"]?.device,
      let number = view.admission.networkNumbers[network.name]
    else { return 0 }
    return (view.readings[device]?.shares ?? []).filter { $0.network == number }.reduce(0) { $0 + $1.drops }
  }
}

extension Bitrate {
  /// To three digits: what was measured is not known better.
  var rounded: Bitrate {
    var unit: UInt64 = 1
    while bitsPerSecond / unit >= 1000 { unit *= 10 }
    return Bitrate(bitsPerSecond: (bitsPerSecond + unit / 2) / unit * unit)
  }
}
