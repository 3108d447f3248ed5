import API
import Controller
import Identity
import Quantities
import WebServer

/// Asking what could be had.
extension AllRoutes {
  static let planning: [Route] = [
    Route(
      .post, "/v1/plans", "plan", tag: "planning", "Say where and when a file's infrastructure would go.",
      .who(may: .planInfrastructure, to: .planned),
      parameters: [
        .query("hold", .flag, "Hold counter-offers where it does not fit."), .project, .start, .duration,
      ] + RouteParameter.building,
      body: .file, answers: [.json("ProposalDocument", "It fits.")], problems: [409, 413, 422], audit: Route.Audit.none
    ) { call in
      call.working {
        let request = try call.readInfrastructure()
        let caller = try call.caller()
        let limits = call.limits(of: caller)
        return .later { answer in
          call.service.cloud.propose(
            request, mode: call.buildMode(), by: caller, holds: call.flag("hold"), within: limits
          ) { result in
            answer(result.flatMap { proposal in Result { try Response(ProposalDocument(proposal)) } })
          }
        }
      }
    },
    Route(
      .post, "/v1/check", "check", tag: "planning", "Say what is wrong with a file, without looking for room.",
      .who(may: .listInfrastructures, to: .cloud),
      parameters: [.query("language", .choice(["infrastructure", "substrate"]), "What it describes.")], body: .anyFile,
      answers: [.json("CheckDocument", "What is wrong with it: nothing where the list is empty.")], problems: [413],
      audit: Route.Audit.none, needsLeader: false
    ) { call in
      call.work { try Response(call.check(call.request.parameter("language") ?? "infrastructure")) }
    },
    Route(
      .get, "/v1/offers", "listOffers", tag: "planning", "Counter-offers that are held for one.",
      .who(may: .listInfrastructures, to: .cloud), parameters: [.limit, .after],
      answers: [.json("OfferDocumentPage", "A page of them, by number.")]
    ) { call in
      let offers = call.view.offers.filter { call.sees(Target($0)) }
      return .now(try Response(call.page(byPosition: offers.map { OfferDocument($0) })))
    },
    Route(
      .post, "/v1/offers/{number}/take", "takeOffer", tag: "planning", "Take a counter-offer.",
      .who(may: .buildInfrastructure, to: .offer), parameters: [.key, .prefer], answers: RouteAnswer.operation,
      problems: [409]
    ) { call in
      guard let number = Int(call.captured) else { throw Call.missing("offer", call.captured) }
      return try call.order(.take(offer: number))
    },
  ]
}
