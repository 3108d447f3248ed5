import API
import Controller
import Identity
import Quantities
import WebServer

/// Long work.
extension AllRoutes {
  static let operations: [Route] = [
    Route(
      .get, "/v1/operations", "listOperations", tag: "operations",
      "Operations that run, and those that ended within a day, the latest first.",
      .who(may: .listInfrastructures, to: .cloud),
      parameters: [
        .query("state", .choice(Operation.State.allCases.map(\.rawValue)), "Only those in this state."), .limit, .after,
      ], answers: [.json("OperationDocumentPage", "A page of them.")]
    ) { call in
      let state = call.request.parameter("state")
      let operations = call.service.cloud.operations.filter {
        (state == nil || $0.state.rawValue == state) && call.sees(Target($0.caller, $0.id))
      }
      let page = try call.page(byPosition: operations.map(\.id))
      let byID = Dictionary(operations.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      return .now(
        try Response(Page(page.items.compactMap { byID[$0].map { OperationDocument($0) } }, next: page.next)))
    },
    Route(
      .get, "/v1/operations/{id}", "readOperation", tag: "operations",
      "One operation; with `after` as soon as its version is above that.",
      .who(may: .readInfrastructure, to: .operation),
      parameters: [.query("after", .integer(0...Int(Int32.max)), "A version that the client knows."), .wait],
      answers: [.json("OperationDocument", "It.")]
    ) { call in
      let missing = Call.missing("operation", call.captured)
      @Sendable func answer(_ operation: Operation?) -> Result<Response, any Error> {
        Result {
          guard let operation else { throw missing }
          return try Response(OperationDocument(operation))
        }
      }
      guard let after = call.number("after"), call.wait > 0 else {
        return .now(try answer(call.service.cloud.operation(call.captured)).get())
      }
      return .later { send in
        call.service.cloud.watch(operation: call.captured, after: after, seconds: call.wait) {
          send(answer($0))
        }
      }
    },
  ]
}
