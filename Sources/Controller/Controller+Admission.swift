import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// What an `up` would do, or did.
public struct Proposal: Sendable {
  public var admission: Admission
  public var rows: [NodeRow]
  /// What it is beside what runs: new, changed, or the same.
  public var change: Change

  public enum Change: String, Sendable {
    case new, changed, unchanged
  }
}

extension Controller {
  /// Decides what `up` would do with `request`, and changes nothing.
  ///
  /// Throws `.refused` with the bottleneck where the substrate cannot carry it.
  public static func propose(
    _ request: VirtualInfrastructure, in installation: Installation, on substrate: Substrate? = nil
  ) throws -> Proposal {
    var state = CloudState(empty: substrate ?? ThisMachine.substrate)
    if substrate == nil, !installation.isEmpty { state = try Controller(installation).state() }
    state.applied = substrate ?? state.applied
    return try propose(request, &state, SearchEmbedder(), Planner(realm: installation.realm))
  }

  /// Admits into `state`: embedding, numbers, VLANs.
  static func propose(
    _ request: VirtualInfrastructure, _ state: inout CloudState, _ embedder: any Embedder,
    _ planner: Planner
  ) throws -> Proposal {
    let substrate = state.substrate
    let present = state.records[request.name].flatMap { $0.standing.phase == .ending ? nil : $0 }
    if let present, present.admission.infrastructure == request {
      return Proposal(
        admission: present.admission, rows: try NodeRow.rows(of: present.admission, on: substrate),
        change: .unchanged)
    }
    let admission = try admit(request, &state, on: substrate, present: present, embedder, planner)
    // A plan that cannot be made (an MTU that the path does not carry) is a refusal too.
    _ = try planner.plans(for: substrate, admissions: [admission], generation: 0)
    return Proposal(
      admission: admission, rows: try NodeRow.rows(of: admission, on: substrate),
      change: present == nil ? .new : .changed)
  }

  private static func admit(
    _ request: VirtualInfrastructure, _ state: inout CloudState, on substrate: Substrate,
    present: InfrastructureRecord?, _ embedder: any Embedder, _ planner: Planner
  ) throws -> Admission {
    var view = SubstrateView(substrate)
    for record in state.records.values where record.name != request.name {
      view.occupy(record.admission.embedding, of: record.admission.infrastructure)
    }
    let kept = present?.admission
    let embedding = try embedder.embed(request, on: view, keeping: kept?.embedding)
    guard let number = kept?.number ?? state.freeNumber else {
      throw Problem(
        .refused, "too-many-infrastructures", "All 32767 infrastructure numbers are taken.",
        remedy: "Take one down with 'virtcloud down NAME'.")
    }
    var admission = Admission(
      infrastructure: request, embedding: embedding, number: number, networkNumbers: [:], vlans: [:],
      portNumbers: kept?.portNumbers ?? PortNumbers())
    try admission.portNumbers.update(for: request)
    for network in request.networks {
      if let number = kept?.networkNumbers[network.name] {
        admission.networkNumbers[network.name] = number
      } else {
        state.lastNetwork += 1
        admission.networkNumbers[network.name] = state.lastNetwork
      }
    }
    for (owner, sites) in admission.owners {
      admission.vlans[owner.network] = try state.pool.allocate(for: owner, sites: sites)
    }
    if let kept { planner.release(kept, except: admission, on: substrate, in: &state.pool) }
    return admission
  }
}
