import Controller
import Embedding
import Infrastructure
import Quantities

/// What a cloud's state tells, read when it is asked for.
struct CloudMetrics {
  private let view: CloudView

  init(_ view: CloudView) { self.view = view }

  func write(to metrics: inout MetricText) {
    writeInfrastructures(to: &metrics)
    writeHosts(to: &metrics)
    writeAgents(to: &metrics)
    writeReservations(to: &metrics)
  }

  private func writeInfrastructures(to metrics: inout MetricText) {
    var phases: [InfrastructureRecord.Phase: Int] = [:]
    var running = 0
    for record in view.records {
      phases[record.standing.phase, default: 0] += 1
      running += view.runningCount(of: record)
    }
    metrics.begin("virtcloud_infrastructures", .gauge, "Infrastructures by phase.")
    for phase in InfrastructureRecord.Phase.allCases {
      metrics.sample("virtcloud_infrastructures", [("phase", phase.rawValue)], Double(phases[phase] ?? 0))
    }
    metrics.single("virtcloud_nodes_running", .gauge, "Nodes that run.", Double(running))
  }

  private func writeHosts(to metrics: inout MetricText) {
    var states: [HostStanding.State: Int] = [:]
    for host in view.substrate.hosts { states[view.standing(of: host.name).state, default: 0] += 1 }
    metrics.begin("virtcloud_hosts", .gauge, "Hosts by state.")
    for state in HostStanding.State.allCases {
      metrics.sample("virtcloud_hosts", [("state", state.rawValue)], Double(states[state] ?? 0))
    }
  }

  private func writeAgents(to metrics: inout MetricText) {
    let agents = view.substrate.hosts.compactMap { host in view.agent(of: host.name).map { (key: host.name, value: $0) }
    }
    metrics.begin("virtcloud_host_last_seen_seconds", .gauge, "Time since a host's agent was heard of.")
    for (host, agent) in agents {
      guard let silence = agent.silence else { continue }
      metrics.sample("virtcloud_host_last_seen_seconds", [("host", host.description)], silence / .seconds(1))
    }
    let connected = agents.filter { $0.value.silence.map { $0 < .seconds(60) } ?? false }.count
    metrics.single(
      "virtcloud_agents_connected", .gauge, "Agents heard of within the last minute.", Double(connected))
    metrics.single(
      "virtcloud_plan_generation", .gauge, "Generation of the last plans.", Double(view.generation))
    metrics.begin("virtcloud_agent_lag_generations", .gauge, "Generations given to an agent and not applied yet.")
    for (host, agent) in agents {
      let lag = agent.given > agent.applied ? agent.given - agent.applied : 0
      metrics.sample("virtcloud_agent_lag_generations", [("host", host.description)], lag)
    }
  }

  private func writeReservations(to metrics: inout MetricText) {
    let use = view.use
    metrics.begin("virtcloud_reserved_ratio", .gauge, "Part of a site's resources that is reserved now.")
    for site in use.substrate.sites {
      let hosts = use.substrate.hosts.indices.filter { use.substrate.hosts[$0].site == site.name }
      let cpu = hosts.map { (use.substrate.hosts[$0].cpu.thousandths, use.freeCPU($0).thousandths) }
      let memory = hosts.map { (use.substrate.hosts[$0].memory.bytes, use.freeMemory($0).bytes) }
      for (resource, amounts) in [("cpu", cpu), ("memory", memory)] {
        metrics.sample(
          "virtcloud_reserved_ratio", [("resource", resource), ("site", site.name.description)], Self.ratio(amounts))
      }
    }
    metrics.begin("virtcloud_link_reserved_bits_per_second", .gauge, "Rate that is reserved of a core link now.")
    for (index, link) in use.substrate.links.enumerated() {
      for (direction, resource) in [("forward", Resource.Direction.forward), ("reverse", .reverse)] {
        let number = use.directory.numbers[.link(index, resource)]
        metrics.sample(
          "virtcloud_link_reserved_bits_per_second",
          [("link", "\(link.ends.first)-\(link.ends.second)"), ("direction", direction)], use.used[number])
      }
    }
  }

  private static func ratio(_ amounts: [(UInt64, UInt64)]) -> Double {
    let total = amounts.reduce(0.0) { $0 + Double($1.0) }
    let free = amounts.reduce(0.0) { $0 + Double($1.1) }
    return total > 0 ? (total - free) / total : 0
  }
}
