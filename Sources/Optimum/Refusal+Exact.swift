import Embedding
import Infrastructure
import Quantities

extension Refusal {
  static func infeasible(_ request: VirtualInfrastructure, _ substrate: Substrate, _ search: Refusal) -> Refusal {
    Refusal(
      Problem(
        .refused, "infeasible",
        "no embedding of infrastructure \(request.name) exists on what is free of substrate \(substrate.name); the "
          + "search stopped where \(search.problem.message)",
        remedy: search.problem.remedy),
      bottleneck: search.bottleneck)
  }

  static func timeOut(_ request: VirtualInfrastructure, _ limit: Duration, bound: Double) -> Refusal {
    Refusal(
      Problem(
        .refused, "time-out",
        "the exact search for infrastructure \(request.name) ran out of its \(limit.text) before it found an embedding; "
          + "none costs less than \(Int64(bound)) bit/s times links",
        remedy: "Give it more time, or leave out the exact search."))
  }

  static func tooLarge(_ request: VirtualInfrastructure, columns: Int) -> Refusal {
    Refusal(
      Problem(
        .refused, "too-large",
        "the exact search for infrastructure \(request.name) would need \(columns) variables, more than the "
          + "\(ExactEmbedder.largest) that it takes on",
        remedy: "Leave out the exact search: it is for small requests on small substrates."))
  }

  static func wrong(_ request: VirtualInfrastructure, _ fault: String) -> Refusal {
    failed(request, "its answer breaks a rule: \(fault)")
  }

  static func failed(_ request: VirtualInfrastructure, _ why: String) -> Refusal {
    Refusal(
      Problem(
        .failed, "exact-search-failed", "the exact search for infrastructure \(request.name) failed: \(why)",
        remedy: "This is a fault of VirtCloud; leave out the exact search, and report it with both files."))
  }
}
