import CommandLine
import Controller
import Embedding
import Infrastructure
import Planning
import Quantities

extension Table {
  /// One line a network: where it goes and what it is promised.
  init(networks rows: [NetworkRow]) {
    self.init([
      Column("network"), Column("kind"), Column("sites"), Column("hosts", isWide: true), Column("latency"),
      Column("vlans"),
      Column("minimum"), Column("reverse_minimum", isWide: true), Column("allowed"),
      Column("reverse_allowed", isWide: true),
    ])
    for row in rows {
      let vlans = row.vlans.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.rawValue)" }
      append([
        "\(row.network)", "\(row.kind.rawValue)", Cell(row.sites.map(\.description)),
        Cell(row.hosts.map(\.description)),
        .string(row.latency.text), Cell(vlans), "\(row.minimum)", "\(row.reverseMinimum)",
        Cell(row.allowed?.description),
        Cell(row.reverseAllowed?.description),
      ])
    }
  }

  /// What the embedding holds of each resource, and what is left of it at the fullest moment.
  init(resourcesOf proposal: Proposal) {
    self.init([Column("resource"), Column("capacity"), Column("held"), Column("taken"), Column("left")])
    let request = proposal.admission.infrastructure.peak(within: nil)
    let view = proposal.view
    for demand in proposal.admission.embedding.demands(of: request, on: view.directory) {
      if case .tenancy = demand.resource { continue }
      let number = view.directory.numbers[demand.resource]
      func text(_ amount: UInt64) -> String { Substrate.text(amount, of: demand.resource) }
      let (capacity, used) = (view.capacity[number], view.used[number])
      let left = capacity > used &+ demand.amount ? capacity - used - demand.amount : 0
      append([
        .string(view.substrate.name(of: demand.resource)), capacity == .max ? nil : .string(text(capacity)),
        .string(text(used)), .string(text(demand.amount)), capacity == .max ? nil : .string(text(left)),
      ])
    }
  }

  /// Counter-offers, the nearest to the request first.
  init(offers: [CounterOffer], held: [HeldOffer]) {
    self.init([
      Column("offer"), Column("kind"), Column("difference"), Column("start"), Column("end"),
      Column("distance", isWide: true),
    ])
    for (index, offer) in offers.enumerated() {
      let number = index < held.count ? held[index].number : nil
      append([
        Cell(number), "\(offer.kind.rawValue)", .string(offer.difference), "\(offer.interval.lowerBound)",
        "\(offer.interval.upperBound)", .double((offer.distance * 1000).rounded() / 1000),
      ])
    }
  }
}

extension Record {
  /// A proposal in a few words: when, what it costs, what it leaves.
  init(_ proposal: Proposal) {
    let request = proposal.admission.infrastructure
    let peak = request.peak(within: nil)
    let embedding = proposal.admission.embedding
    let revenue = Measure.revenue(of: peak)
    let cost = Measure.cost(of: peak) { embedding.trees[$0]?.links.count ?? 0 }
    func rounded(_ number: Double) -> Cell { .double((number * 1000).rounded() / 1000) }
    self.init([
      .init("name", nil, "\(request.name)"), .init("change", nil, "\(proposal.change.rawValue)"),
      .init("start", nil, "\(proposal.interval.lowerBound)"), .init("end", nil, "\(proposal.interval.upperBound)"),
      .init("revenue", nil, rounded(revenue)), .init("cost", nil, rounded(cost)),
      .init("price_per_hour", nil, rounded(Measure.price(of: embedding, peak, on: proposal.view))),
    ])
  }
}

/// Writes a proposal: for a person one table after another, else one object.
enum ProposalWriter {
  static func write(_ proposal: Proposal, _ context: Context, _ output: OutputOptions) throws {
    let (nodes, networks, resources) = (
      Table(proposal.rows), Table(networks: proposal.networks), Table(resourcesOf: proposal)
    )
    switch output.format {
    case .csv: try context.write(nodes, output)
    case .table:
      try context.write(nodes, output)
      if !networks.rows.isEmpty {
        try context.write("\n")
        try context.write(networks, output)
      }
      if !proposal.admission.infrastructure.timeline.isEmpty {
        try context.write("\n")
        try context.write(Table(phasesOf: proposal), output)
      }
      try context.write("\n")
      try context.write(resources, output)
    case .json, .yaml:
      var record = Record(proposal)
      record.fields += [
        .init("nodes", nil, nodes.list), .init("networks", nil, networks.list), .init("resources", nil, resources.list),
        .init("phases", nil, Table(phasesOf: proposal).list),
      ]
      try context.write(record, output)
    }
  }

  /// One sentence for standard error.
  static func summary(_ proposal: Proposal) -> String {
    let record = Record(proposal)
    func text(_ key: String) -> String {
      switch record[key] {
      case .string(let text): text
      case .double(let number): number == number.rounded() ? "\(Int(number))" : "\(number)"
      default: ""
      }
    }
    let end = proposal.interval.upperBound == .distantFuture ? "until it is taken down" : "until \(text("end"))"
    return
      "\(text("name")) fits (\(text("change"))) from \(text("start")) \(end); cost \(text("cost")) for a revenue of "
      + "\(text("revenue")), price \(text("price_per_hour")) an hour"
  }

  /// A refusal: the offers on standard output, how to take one on standard error.
  static func write(_ declined: Declined, _ context: Context, _ output: OutputOptions) throws {
    guard !declined.offers.isEmpty else { return }
    if output.format != .table || !output.quiet {
      try context.write(Table(offers: declined.offers, held: declined.held), output)
    }
    if let first = declined.held.first {
      context.say(
        "take one with 'virtcloud up --offer \(first.number)'; the offers are held until \(first.expires)", output)
    } else {
      context.say(
        "these would fit now, but are not held: only root, on the substrate in force, can hold offers", output)
    }
  }
}

extension Table {
  /// What is promised at the start, and then what each change of the timeline changes.
  init(phasesOf proposal: Proposal) {
    self.init([Column("start"), Column("end"), Column("object"), Column("what"), Column("amount")])
    let interval = proposal.interval
    let duration = interval.upperBound == .distantFuture ? nil : interval.upperBound - interval.lowerBound
    var before: [[String]: String] = [:]
    for phase in proposal.admission.infrastructure.phases(within: duration) {
      let start = interval.lowerBound + phase.begin
      let end = phase.end.map { interval.lowerBound + $0 } ?? .distantFuture
      for (object, what, amount) in Self.amounts(of: phase.infrastructure) {
        guard before.updateValue(amount, forKey: [object, what]) != amount else { continue }
        append(["\(start)", "\(end)", .string(object), .string(what), .string(amount)])
      }
    }
  }

  private static func amounts(
    of infrastructure: VirtualInfrastructure
  ) -> [(object: String, what: String, amount: String)] {
    infrastructure.networks.flatMap { network in
      let name = network.name.description
      let rate = (name, "rate", (network.rate.minimum ?? .zero).description)
      guard let reverse = network.reverseRate else { return [rate] }
      return [rate, (name, "reverse rate", (reverse.minimum ?? .zero).description)]
    }
      + infrastructure.nodes.flatMap { node in
        let name = node.name.description
        return [
          (name, "cpu", node.cpu.description), (name, "memory", node.memory.description),
          (name, "storage", node.storage.description),
        ]
      }
  }
}
