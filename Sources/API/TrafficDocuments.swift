import Agent
import Controller
import Infrastructure
import Planning
import Quantities

/// What one end of a network is promised, may use now, and has sent: `GET /v1/infrastructures/{name}/rates`. Octets of
/// Ethernet frames without preamble, tag and checksum.
public struct RateDocument: Codable, Hashable, Sendable {
  /// The segment or wire.
  public var network: Name
  /// Which of the two it is.
  public var kind: Network.Kind
  /// The end that sends, `NODE:INTERFACE`.
  public var from: String
  /// What it may always send.
  public var promised: Bitrate
  /// Absent: not limited.
  public var allowed: Bitrate?
  /// Over the last second and minute, to three digits.
  public var lastSecond, lastMinute: Bitrate
  /// Sent since the machine was made.
  public var frames: UInt64
  /// Frames that found the queue full.
  public var dropped: UInt64

  /// One row an end, by the order of networks; none for ends on hosts that did not answer.
  public static func rows(of view: TrafficView) -> [RateDocument] {
    let flows = TrafficFlows(view)
    return zip(view.admission.infrastructure.networks, view.networks).flatMap { network, row in
      network.endpoints.enumerated().filter { !flows.isMissing($0.element) }.map { position, endpoint in
        let flow = flows.port(endpoint)
        let isForward = position == 0 || network.kind == .segment
        return RateDocument(
          network: network.name, kind: network.kind, from: "\(endpoint.node):\(endpoint.interface)",
          promised: isForward ? row.minimum : row.reverseMinimum,
          allowed: isForward ? row.allowed : row.reverseAllowed, lastSecond: flow.in.lastSecond.threeDigits,
          lastMinute: flow.in.lastMinute.threeDigits, frames: flow.in.frames,
          dropped: flows.queueDrops(of: network, at: position))
      }
    }
  }
}

/// What was dropped of an infrastructure's frames, where and why: `GET /v1/infrastructures/{name}/drops`.
public struct DropDocument: Codable, Hashable, Sendable {
  /// `NODE:INTERFACE`, or a network on a device's link.
  public var place: String
  /// Such as `queue-full`.
  public var reason: String
  /// Since the machine was made.
  public var frames: UInt64

  /// One row a place and reason where something was dropped.
  public static func rows(of view: TrafficView) -> [DropDocument] {
    let flows = TrafficFlows(view)
    return view.admission.infrastructure.networks.flatMap { network in
      let ends = network.endpoints.flatMap { endpoint in
        flows.drops(at: endpoint).sorted { $0.key < $1.key }.filter { $0.value > 0 }.map { reason, frames in
          DropDocument(place: "\(endpoint.node):\(endpoint.interface)", reason: reason, frames: frames)
        }
      }
      let links = flows.shares(of: network).filter { $0.share.drops > 0 }.map { device, share in
        DropDocument(
          place: "\(network.name) at \(device) \(share.interface)", reason: "queue-full", frames: share.drops)
      }
      return ends + links
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
    guard let place = place(of: endpoint) else { return .init() }
    return view.readings[place.device]?.ports[place.port] ?? .init()
  }

  func drops(at endpoint: Endpoint) -> [String: UInt64] {
    guard let place = place(of: endpoint) else { return [:] }
    return view.readings[place.device]?.portDrops[place.port] ?? [:]
  }

  /// True where its host did not say what it has counted.
  func isMissing(_ endpoint: Endpoint) -> Bool {
    view.admission.embedding.placement[endpoint.node].map(view.missing.contains) ?? false
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
    guard let device = place(of: network.endpoints[position])?.device,
      let number = view.admission.networkNumbers[network.name]
    else { return 0 }
    return (view.readings[device]?.shares ?? []).filter { $0.network == number }.reduce(0) { $0 &+ $1.drops }
  }

  private func place(of endpoint: Endpoint) -> (device: Name, port: String)? {
    ports["\(endpoint.node):\(endpoint.interface)"]
  }
}

extension Bitrate {
  /// To three digits: what was measured is not known better.
  var threeDigits: Bitrate {
    var unit: UInt64 = 1
    while bitsPerSecond / unit >= 1000 { unit *= 10 }
    return Bitrate(bitsPerSecond: (bitsPerSecond + unit / 2) / unit * unit)
  }
}
