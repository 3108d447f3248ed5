import API
import Controller
import Quantities
import WebServer

extension Call {
  /// How a host's agent is with errands.
  enum AgentReach: Hashable, Sendable {
    case ready
    /// Nothing is heard of it.
    case silent
    /// It fetches plans but no errands: it is older than they are.
    case older
  }

  func reach(of host: Name) -> AgentReach {
    guard service.errands.standing(of: host) == .silent else { return .ready }
    let silence = view.agent(of: host)?.silence
    return silence.map { $0 / .seconds(1) < service.cloud.settings.lostAfter } ?? false ? .older : .silent
  }

  /// Has an infrastructure's counters read wherever they are, and makes an answer of them on another thread: that takes as
  /// long as kernels and agents take, and at most a few seconds.
  ///
  /// - Throws: `counters-not-here` where a host's agent is older than such questions; `not-begun`.
  func traffic(_ answer: @escaping @Sendable (TrafficView) throws -> Response) throws -> Outcome {
    let name = try record().name
    let record = try service.cloud.runningRecord(name)
    let hosts = service.cloud.agentHosts(of: name)
    let reaches = hosts.map { ($0, reach(of: $0)) }
    if let (host, _) = reaches.first(where: { $0.1 == .older }) {
      throw Problem(
        .failed, "counters-not-here",
        "Host \(host), on which nodes of \(name) run, counts for itself: its agent is too old to be asked.",
        remedy: "Install this version of virtcloud on \(host).")
    }
    let silent = Set(reaches.filter { $0.1 == .silent }.map(\.0))
    return .later { [service] send in
      CountersRound.ask(
        service.errands, hosts, silent: silent, about: record.admission.number,
        seconds: service.settings.errands.counters
      ) { readings in
        service.workers.submit {
          send(Result { try answer(try service.cloud.traffic(of: name, beside: readings)) })
        } orRefuse: {
          send(.failure($0))
        }
      }
    }
  }
}
