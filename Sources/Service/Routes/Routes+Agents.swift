import API
import Controller
import Identity
import Infrastructure
import Quantities
import WebServer

/// What hosts' agents ask for.
extension AllRoutes {
  static let aboutAgent: [RouteParameter] = [
    .header("VirtCloud-Agent-Version", .text, "Of the agent's program."),
    .header("VirtCloud-Agent-Protocol", .integer(0...Int(Int32.max)), "Version of the protocol that it speaks."),
  ]

  static let agents: [Route] = [
    Route(
      .post, "/v1/agents/enrol", "enrol", tag: "agents", "A one-time token for a certificate of the host's own.",
      .anybody, body: .json("EnrolmentRequest"), answers: [.json("EnrolmentAnswer", "The certificate.")],
      problems: [401, 409]
    ) { call in
      let request = try call.document(EnrolmentRequest.self)
      try Call.check(protocolVersion: request.protocolVersion, of: request.host)
      let authority = try call.hostAuthority()
      return call.work {
        // The token is used up, durably, before the certificate leaves; a request that cannot be certified uses up none.
        try call.service.access.change { book throws in
          _ = try book.enrolments.redeem(request.token, host: request.host, at: call.now)
          return try call.certify(request.host, request.signingRequest, by: authority)
        }
      }
    },
    Route(
      .post, "/v1/agents/{host}/renew", "renewCertificate", tag: "agents", "A new certificate for a host's agent.",
      .who(may: .renewHostCertificate, to: .agentHost), body: .json("RenewalRequest"),
      answers: [.json("EnrolmentAnswer", "The certificate.")], problems: [409]
    ) { call in
      let request = try call.document(RenewalRequest.self)
      return .now(
        try call.certify(Name(parsing: call.captured), request.signingRequest, by: try call.hostAuthority()))
    },
    Route(
      .get, "/v1/agents/{host}/plans", "fetchPlans", tag: "agents",
      "A host's plans: as soon as they are newer than `after`, or after the wait.",
      .who(may: .fetchPlans, to: .agentHost),
      parameters: [.query("after", .integer(0...Int.max), "Generation of the plans that the agent has."), .wait]
        + aboutAgent, answers: [.json("PlansDocument", "The plans, where there are newer ones.")], problems: [409],
      needsLeader: true
    ) { call in
      let host = try Name(parsing: call.captured)
      let (after, wait) = (UInt64(call.number("after") ?? 0), call.wait)
      let agent = try call.agent(host)
      return .later { answer in
        call.service.cloud.plans(for: host, after: after, seconds: wait, agent: agent) { result in
          answer(result.flatMap { delivery in Result { try call.response(delivery, host) } })
        }
      }
    },
    Route(
      .post, "/v1/agents/{host}/reports", "report", tag: "agents", "What came of a host's plans.",
      .who(may: .reportPlans, to: .agentHost),
      parameters: aboutAgent, body: .json("AgentReport"),
      answers: [.empty(204, "It is noted.")], problems: [409], audit: Route.Audit.none
    ) { call in
      let host = try Name(parsing: call.captured)
      let report = try call.document(AgentReport.self)
      guard report.host == host else {
        throw Problem(
          .invalid, "other-name", "The report is of another host than the address.", remedy: "Use one name.")
      }
      let agent = try call.agent(host)
      return .later { answer in
        call.service.cloud.note(HostOutcome(report), from: agent) { result in answer(result.map { .noContent }) }
      }
    },
  ]
}

extension Call {
  fileprivate func hostAuthority() throws(Problem) -> CertificateAuthority {
    if let authority = service.settings.hostAuthority { return authority }
    throw Problem(
      .refused, "no-host-authority", "This service lets no hosts in.",
      remedy: "Serve a site: 'virtcloud serve --config FILE'.")
  }

  fileprivate func certify(
    _ host: Name, _ signingRequest: String, by authority: CertificateAuthority
  ) throws -> Response {
    let certificate = try authority.issueHost(host, for: CertificateRequest(pem: signingRequest), at: service.now())
    return try Response(
      EnrolmentAnswer(
        certificate: try certificate.pem(), authority: try authority.certificatePEM(),
        controllers: service.settings.controllers))
  }

  /// Throws `agent-version` where this controller does not speak the agent's version of the protocol.
  static func check(protocolVersion: Int, of host: Name) throws(Problem) {
    guard !AgentProtocol.supported.contains(protocolVersion) else { return }
    throw Problem(
      .refused, "agent-version",
      "The agent of \(host) speaks protocol \(protocolVersion), this controller "
        + "\(AgentProtocol.supported.lowerBound) to \(AgentProtocol.supported.upperBound).",
      remedy: "Install the same version of virtcloud on both.")
  }

  /// Which agent speaks: two of one name are told apart by their keys, which stay when certificates are renewed.
  func agent(_ host: Name) throws -> AgentIdentity {
    if let text = request.header("VirtCloud-Agent-Protocol") {
      try Self.check(protocolVersion: Int(text) ?? 0, of: host)
    }
    var address: String?
    var fingerprint = principal?.user.description ?? ""
    if case .remote(let from, let certificates) = request.peer {
      address = from
      if let verifier = service.settings.verifier(), !certificates.isEmpty {
        fingerprint = try verifier.verify(chain: certificates, at: service.now(), purpose: .client).details
          .keyFingerprint
      }
    }
    return AgentIdentity(
      host: host, fingerprint: fingerprint, version: request.header("VirtCloud-Agent-Version") ?? "",
      address: address)
  }

  fileprivate func response(_ delivery: PlanDelivery, _ host: Name) throws -> Response {
    func byText(_ table: [UInt32: Int64]) -> [String: Int64] {
      Dictionary(table.map { ("\($0.key)", $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    return try Response(
      PlansDocument(
        host: host, generation: delivery.generation, plans: delivery.plans, leaseEnds: byText(delivery.leaseEnds),
        fences: byText(delivery.fences), poll: Int64(service.cloud.settings.poll), time: service.now().seconds))
  }
}
