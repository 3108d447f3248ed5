import Infrastructure
import Quantities

extension SlicePlan {
  /// - Parameters:
  ///   - links: interfaces of the host that are taken, and those of this slice afterwards.
  ///   - taken: numbers of networks of the host, likewise.
  func validate(_ links: inout Set<String>, _ taken: inout Set<UInt32>) throws(Problem) {
    try PlanRules.number(number, in: 1...32767, "the number of infrastructure \(infrastructure)")
    // All guests' names and addresses.
    try PlanRules.text(hostsFile, "the hosts file of infrastructure \(infrastructure)", most: 64 << 20)
    for network in networks {
      try PlanRules.once(network.number, in: &taken, "network")
      try network.validate(&links)
    }
    var keys: Set<String> = []
    for machine in machines {
      try PlanRules.once(machine.key, in: &keys, "machine")
      try machine.validate(&links)
    }
    for tunnel in tunnels {
      try tunnel.validate()
      guard tunnel.infrastructure == number else {
        throw PlanRules.broken("\(tunnel.label) is a tunnel of another infrastructure")
      }
      try PlanRules.once(tunnel.inner, in: &links, "interface")
      try PlanRules.once(tunnel.outer, in: &links, "interface")
    }
  }
}

extension NetworkPlan {
  fileprivate func validate(_ links: inout Set<String>) throws(Problem) {
    try PlanRules.label(label)
    try PlanRules.number(number, in: 1...0xff_ffff, "the number of \(label)")
    try PlanRules.mtu(mtu, label)
    if let port { try PlanRules.interface(port, label) }
    for name in [bridge, trunk?.port, trunk?.stub].compactMap(\.self) {
      try PlanRules.interface(name, label)
      try PlanRules.once(name, in: &links, "interface")
    }
    for way in ways {
      try PlanRules.interface(way.uplink, label)
      try PlanRules.classID(way.classID, label)
      if case .vxlan(let identifier, _, _) = way.tag {
        try PlanRules.number(identifier, in: 1...0xff_ffff, "the identifier of \(label)")
      }
    }
  }
}

extension MachinePlan {
  fileprivate func validate(_ links: inout Set<String>) throws(Problem) {
    try PlanRules.label(label)
    try PlanRules.step(key, "the control groups of \(label)")
    switch image {
    case .host: break
    case .directory(let path), .archive(let path): try PlanRules.path(path, "the image of \(label)")
    }
    try PlanRules.number(ports.count, in: 0...65_536, "the number of ports of \(label)")
    var interfaces: Set<String> = []
    for port in ports {
      try port.validate(&links)
      try PlanRules.once(port.interface, in: &interfaces, "interface")
    }
    if let software { try validate(software) }
  }

  private func validate(_ software: RouterSoftware) throws(Problem) {
    switch software.routing {
    case .static: break
    case .bird(let text), .frr(let text, _): try PlanRules.text(text, "the routing configuration of \(label)")
    }
    if let nftables = software.nftables { try PlanRules.text(nftables, "the packet filter of \(label)") }
    for (interface, words) in software.qdiscs {
      try PlanRules.interface(interface, label)
      for word in words { try PlanRules.text(word, "a queueing discipline of \(label)", most: 4096) }
    }
  }
}

extension PortPlan {
  fileprivate func validate(_ links: inout Set<String>) throws(Problem) {
    try PlanRules.label(label)
    for name in [port, interface, bridge, peer].compactMap(\.self) { try PlanRules.interface(name, label) }
    try PlanRules.once(port, in: &links, "interface")
    try PlanRules.number(network, in: 1...0xff_ffff, "the network of \(label)")
    try PlanRules.mtu(mtu, label)
    try PlanRules.number(guarding.stations, in: 0...Int(UInt32.max), "the stations behind \(label)")
    if let storm = guarding.storm {
      try PlanRules.number(storm, in: 0...Int(UInt32.max), "the storm limit of \(label)")
    }
    try PlanRules.number(impairment.loss, in: 0...1_000_000, "the loss of \(label)")
    // Twice what the language allows; a duration of a plan may be longer than one that can be calculated with.
    let sensible = Duration.zero...(.seconds(120))
    guard sensible.contains(impairment.delay), sensible.contains(impairment.jitter) else {
      throw PlanRules.broken("the delay of \(label) is out of bounds")
    }
  }
}
