import API
import Quantities
import Reservations

extension CloudClient {
  /// The controller itself: version, who leads.
  public func service() throws -> ServiceDocument { try get(RequestPath(), as: ServiceDocument.self) }

  /// Who the controller takes the caller for.
  public func identity() throws -> IdentityDocument { try get(RequestPath("whoami"), as: IdentityDocument.self) }

  /// All infrastructures that the caller may see, by creation.
  public func infrastructures() throws -> [InfrastructureSummary] {
    try items(RequestPath("infrastructures"), of: InfrastructureSummary.self)
  }

  /// One infrastructure; throws a problem of kind `notFound`.
  public func infrastructure(_ name: String) throws -> InfrastructureDocument {
    try get(RequestPath("infrastructures", name), as: InfrastructureDocument.self)
  }

  /// Its file, YAML.
  public func definition(of name: String) throws -> [UInt8] {
    try text(RequestPath("infrastructures", name, "definition"), type: "application/yaml")
  }

  /// What its networks are promised and have used: all of it as one page, with the hosts that did not say.
  public func rates(of name: String) throws -> Page<RateDocument> {
    try whole(RequestPath("infrastructures", name, "rates"), of: RateDocument.self)
  }

  /// What was dropped of its frames: all of it as one page, with the hosts that did not say.
  public func drops(of name: String) throws -> Page<DropDocument> {
    try whole(RequestPath("infrastructures", name, "drops"), of: DropDocument.self)
  }

  /// Says where something would go.
  ///
  /// - Parameter holds: Counter-offers are held.
  /// - Throws: `RefusedWithOffers`; `Problem`.
  public func plan(file: String, algorithm: String? = nil, holds: Bool) throws -> ProposalDocument {
    let path = RequestPath("plans", query: ["hold": holds ? "true" : nil, "algorithm": algorithm])
    return try decode(try send("POST", path, body: .yaml(file), isRepeatable: true))
  }

  /// Counter-offers that are held.
  public func offers() throws -> [OfferDocument] { try items(RequestPath("offers"), of: OfferDocument.self) }

  /// The grid and what is reserved of it.
  public func substrate() throws -> SubstrateDocument { try get(RequestPath("substrate"), as: SubstrateDocument.self) }

  /// The substrate's file, YAML.
  public func substrateDefinition() throws -> [UInt8] {
    try text(RequestPath("substrate", "definition"), type: "application/yaml")
  }

  /// Who holds which VLAN where.
  public func vlans() throws -> [VLANRow] { try items(RequestPath("vlans"), of: VLANRow.self) }

  /// Everything that is booked, by resource, then by time.
  public func calendar() throws -> [BookingDocument] { try items(RequestPath("calendar"), of: BookingDocument.self) }

  /// Events after a number; waits for the first, up to a time in seconds.
  public func events(
    after: UInt64?, limit: Int = 1000, wait: Int = 0, infrastructure: String? = nil, kind: String? = nil
  ) throws -> Page<EventDocument> {
    let query: KeyValuePairs = [
      "after": after.map { "\($0)" }, "limit": "\(limit)", "wait": wait > 0 ? "\(wait)" : nil,
      "infrastructure": infrastructure, "kind": kind,
    ]
    return try get(RequestPath("events", query: query), as: Page<EventDocument>.self, wait: wait)
  }

  /// Ends a local service; machines and networks stay.
  public func stop() throws { try send("POST", RequestPath("stop"), isRepeatable: false) }

  /// All hosts.
  public func hosts() throws -> [HostDocument] { try items(RequestPath("hosts"), of: HostDocument.self) }

  /// One host.
  public func host(_ name: String) throws -> HostDocument { try get(RequestPath("hosts", name), as: HostDocument.self) }
}
