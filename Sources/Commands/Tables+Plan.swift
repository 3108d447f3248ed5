import API
import Client
import CommandLine
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
  init(resources rows: [ResourceDocument]) {
    self.init([Column("resource"), Column("capacity"), Column("held"), Column("taken"), Column("left")])
    for row in rows {
      append([.string(row.resource), Cell(row.capacity), .string(row.held), .string(row.taken), Cell(row.left)])
    }
  }

  /// Counter-offers, the nearest to the request first.
  init(offers: [OfferDocument]) {
    self.init([
      Column("offer"), Column("kind"), Column("difference"), Column("start"), Column("end"),
      Column("distance", isWide: true),
    ])
    for offer in offers {
      append([
        Cell(offer.number), "\(offer.kind.rawValue)", .string(offer.difference), "\(offer.start)",
        "\(offer.end ?? .distantFuture)", .double(offer.distance),
      ])
    }
  }

  /// What is promised at the start, and then what each change of the timeline changes.
  init(phases rows: [PhaseDocument]) {
    self.init([Column("start"), Column("end"), Column("object"), Column("what"), Column("amount")])
    for row in rows {
      append([
        "\(row.start)", "\(row.end ?? .distantFuture)", .string(row.object), .string(row.what), .string(row.amount),
      ])
    }
  }
}

extension Record {
  /// A proposal in a few words: when, what it costs, what it leaves.
  init(_ proposal: ProposalDocument) {
    self.init([
      .init("name", nil, "\(proposal.name)"), .init("change", nil, "\(proposal.change.rawValue)"),
      .init("start", nil, "\(proposal.start)"), .init("end", nil, "\(proposal.end ?? .distantFuture)"),
      .init("revenue", nil, .double(proposal.revenue)), .init("cost", nil, .double(proposal.cost)),
      .init("price_per_hour", nil, .double(proposal.pricePerHour)),
    ])
  }
}

/// Writes a proposal: for a person one table after another, else one object.
enum ProposalWriter {
  static func write(_ proposal: ProposalDocument, _ context: Context, _ output: OutputOptions) throws {
    let (nodes, networks, resources) = (
      Table(proposal.nodes), Table(networks: proposal.networks), Table(resources: proposal.resources)
    )
    let phases = Table(phases: proposal.phases)
    switch output.format {
    case .csv: try context.write(nodes, output)
    case .table:
      try context.write(nodes, output)
      if !networks.rows.isEmpty {
        try context.write("\n")
        try context.write(networks, output)
      }
      // All of them start with it where nothing changes.
      if proposal.phases.contains(where: { $0.start > proposal.start }) {
        try context.write("\n")
        try context.write(phases, output)
      }
      try context.write("\n")
      try context.write(resources, output)
    case .json, .yaml:
      var record = Record(proposal)
      record.fields += [
        .init("nodes", nil, nodes.list), .init("networks", nil, networks.list), .init("resources", nil, resources.list),
        .init("phases", nil, phases.list),
      ]
      try context.write(record, output)
    }
  }

  /// One sentence for standard error.
  static func summary(_ proposal: ProposalDocument) -> String {
    func text(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
    let end = proposal.end.map { "until \($0)" } ?? "until it is taken down"
    return
      "\(proposal.name) fits (\(proposal.change.rawValue)) from \(proposal.start) \(end); cost "
      + "\(text(proposal.cost)) for a revenue of \(text(proposal.revenue)), price \(text(proposal.pricePerHour)) an hour"
  }

  /// A refusal: the offers on standard output, how to take one on standard error.
  static func write(_ refused: RefusedWithOffers, _ context: Context, _ output: OutputOptions) throws {
    guard !refused.offers.isEmpty else { return }
    if output.format != .table || !output.quiet { try context.write(Table(offers: refused.offers), output) }
    if let first = refused.offers.first(where: { $0.number != nil }), let number = first.number {
      let until = first.expires.map { "; the offers are held until \($0)" } ?? ""
      context.say("take one with 'virtcloud up --offer \(number)'\(until)", output)
    } else {
      context.say(
        "these would fit now, but are not held: nothing is for a plan, on a substrate's file, or beyond your quota",
        output)
    }
  }
}
