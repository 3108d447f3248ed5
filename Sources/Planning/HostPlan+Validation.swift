import Quantities

extension HostPlan {
  /// Throws where obeying it could bring down the agent, or reach what is none of the installation's.
  ///
  /// What a planner makes always passes. This is held against damage, and against a controller in wrong hands: names
  /// are names and lead nowhere else, numbers are in their ranges and given once, sizes are sensible. Whether the
  /// plan is a good one is not asked. Linear in the plan's size.
  ///
  /// - Throws: `Problem` of kind `invalid`, `broken-plan`.
  public func validate() throws(Problem) {
    try PlanRules.step(namespace, "a namespace of device \(device)")
    if let tunnelNamespace { try PlanRules.step(tunnelNamespace, "the tunnels' namespace of device \(device)") }
    guard tunnelNamespace != namespace else { throw PlanRules.broken("device \(device) has its tunnels in itself") }
    var links: Set<String> = []
    try trunk?.validate(device)
    for cable in cables { try cable.validate(&links) }
    for tunnel in tunnels { try tunnel.validate() }
    try validateSwitching()
    try validateShapers()
    try validateSlices(&links)
  }

  private func validateSwitching() throws(Problem) {
    var seen: Set<UInt32> = []
    for domain in domains {
      try PlanRules.once(domain.number, in: &seen, "domain")
      try PlanRules.number(domain.number, in: 1...0xff_ffff, "the number of a domain")
      for member in domain.members {
        try PlanRules.interface(member.interface, "domain \(domain.number)")
        try PlanRules.classID(member.classID, "domain \(domain.number)")
      }
    }
    for path in paths {
      try PlanRules.interface(path.interface, "path \(path.identifier)")
      try PlanRules.number(path.identifier, in: 1...0xff_ffff, "the identifier of a path")
      try PlanRules.classID(path.classID, "path \(path.identifier)")
    }
  }

  private func validateShapers() throws(Problem) {
    var interfaces: Set<String> = []
    for shaper in shapers {
      try PlanRules.interface(shaper.interface, "a shaper")
      try PlanRules.once(shaper.interface, in: &interfaces, "shaper")
      var classes: Set<UInt16> = []
      for share in shaper.classes {
        try PlanRules.classID(share.id, "interface \(shaper.interface)")
        try PlanRules.once(share.id, in: &classes, "class")
        try PlanRules.number(share.quantum, in: 1...1_000_000, "the quantum of a class of \(shaper.interface)")
      }
    }
  }

  private func validateSlices(_ links: inout Set<String>) throws(Problem) {
    var (numbers, networks): (Set<UInt32>, Set<UInt32>) = ([], [])
    for slice in slices {
      try PlanRules.once(slice.number, in: &numbers, "infrastructure")
      try slice.validate(&links, &networks)
    }
  }
}

extension CablePlan {
  fileprivate func validate(_ links: inout Set<String>) throws(Problem) {
    try PlanRules.label(label)
    try PlanRules.interface(near, label)
    try PlanRules.interface(far, label)
    try PlanRules.step(farNamespace, "the far namespace of \(label)")
    try PlanRules.mtu(mtu, label)
    try PlanRules.once(near, in: &links, "interface")
  }
}

extension TrunkLinkPlan {
  fileprivate func validate(_ device: Name) throws(Problem) {
    try PlanRules.interface(interface, "the trunk of device \(device)")
    try PlanRules.mtu(mtu, "the trunk of device \(device)")
    _ = try VLANSet(parsing: vlans)
  }
}

extension TunnelPlan {
  func validate() throws(Problem) {
    try PlanRules.label(label)
    for name in [inner, inside, outer, outside, tap, port] { try PlanRules.interface(name, label) }
    try PlanRules.number(infrastructure, in: 1...32767, "the infrastructure of \(label)")
    try PlanRules.number(network, in: 1...0xff_ffff, "the network of \(label)")
    try PlanRules.number(carrier, in: 1...0xff_ffff, "the carrier of \(label)")
    try PlanRules.mtu(mtu, label)
    try PlanRules.mtu(outerMTU, label)
  }
}
