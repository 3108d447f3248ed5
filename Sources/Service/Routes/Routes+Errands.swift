import API
import Identity
import Quantities
import WebServer

/// What hosts' agents are asked to do at once, and the terminals that they carry.
///
/// Only a host's own agent may: an administrator who fetched errands would take them away from it.
extension AllRoutes {
  /// The most octets that are counted: as many as JSON can say exactly.
  private static let most = 1 << 53

  static let errands: [Route] = [
    Route(
      .get, "/v1/agents/{host}/errands", "fetchErrands", tag: "agents",
      "What a host's agent is to do at once: as soon as there is something, or after the wait.",
      .who(may: .reportPlans, to: .agentHost),
      parameters: [.query("life", .key, "Names the agent's process."), .wait] + aboutAgent,
      answers: [.json("ErrandsDocument", "Errands; none after the wait.")], problems: [409], needsLeader: true
    ) { call in
      let host = try Name(parsing: call.captured)
      try call.service.cloud.check(try call.agent(host))
      let (life, wait) = (call.request.parameter("life") ?? "", call.wait)
      return .later { answer in
        let isNew = call.service.errands.fetch(host, life: life, seconds: wait) { errands in
          answer(Result { try Response(ErrandsDocument(host: host, errands: errands)) })
        }
        if isNew { call.service.lines.end(of: host) }
      }
    },
    Route(
      .post, "/v1/agents/{host}/errands/{id}", "answerErrand", tag: "agents", "What came of one.",
      .who(may: .reportPlans, to: .agentHost), parameters: aboutAgent, body: .json("ErrandAnswer"),
      answers: [.empty(204, "It is noted.")], problems: [409], audit: Route.Audit.none
    ) { call in
      let host = try Name(parsing: call.captured)
      try call.service.cloud.check(try call.agent(host))
      let answer = try call.document(ErrandAnswer.self)
      try call.service.errands.answer(call.captures.last ?? "", of: host, answer)
      return .now(.noContent)
    },
    Route(
      .get, "/v1/agents/{host}/terminals/{id}/input", "fetchTerminalInput", tag: "agents",
      "What is typed into a terminal on the host: as soon as there is something, or after the wait.",
      .who(may: .reportPlans, to: .agentHost),
      parameters: [
        .query("after", .integer(0...most), "Octets that have arrived."),
        .query("sizes", .integer(0...most), "Changes of its size that have arrived."), .wait,
      ] + aboutAgent, answers: [.json("TerminalInput", "What is to be done.")], needsLeader: true
    ) { call in
      let line = try call.line()
      let (after, sizes, wait) = (call.number("after") ?? 0, call.number("sizes") ?? 0, call.wait)
      return .later { answer in
        line.fetch(after: after, sizes: sizes, seconds: wait) { input in answer(Result { try Response(input) }) }
      }
    },
    Route(
      .post, "/v1/agents/{host}/terminals/{id}/output", "sendTerminalOutput", tag: "agents",
      "What a terminal on the host says.", .who(may: .reportPlans, to: .agentHost),
      parameters: [.query("after", .integer(0...most), "Octets that were sent before.")] + aboutAgent,
      body: RouteBody(types: [("application/octet-stream", .string)]), answers: [.empty(204, "It is taken.")],
      problems: [429], audit: Route.Audit.none
    ) { call in
      guard try call.line().take(call.request.body, after: call.number("after") ?? 0) else {
        throw Problem(
          .failed, "too-many-requests", "The terminal's output is not read as fast as it comes.",
          remedy: "Send it again in a moment.")
      }
      return .now(.noContent)
    },
    Route(
      .post, "/v1/agents/{host}/terminals/{id}/exit", "sendTerminalExit", tag: "agents",
      "The program in a terminal on the host has ended.", .who(may: .reportPlans, to: .agentHost),
      parameters: aboutAgent, body: .json("TerminalExit"), answers: [.empty(204, "It is noted.")],
      audit: Route.Audit.none
    ) { call in
      let exit = try call.document(TerminalExit.self)
      try call.line().finish(exit.status)
      return .now(.noContent)
    },
  ]
}

extension Call {
  /// The terminal that the path names; throws `no-such-terminal` where it is not the path's host's.
  fileprivate func line() throws(Problem) -> RemoteLine {
    try service.lines.line(captures.last ?? "", of: Name(parsing: captured))
  }
}
