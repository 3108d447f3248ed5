import Infrastructure
import Quantities

extension VXDLDocument {
  /// What the description asks for, and what of it the model has no place for, a sentence each.
  ///
  /// - Machines and routers become nodes; a `vStorage` becomes a machine with that disk, so that its links
  ///   keep their meaning. Arrays are written out (`worker-1`, `worker-2` …).
  /// - A link becomes a wire with a rate for each direction; a direction that is silent is promised nothing
  ///   where the other is not. Latency is an upper bound.
  /// - Of other capacities the minimum, or the smallest of a set, is asked for. Delays of events are seconds.
  /// - Ids become names, deterministically; they and everything else that the model lacks stay in labels
  ///   `vxdl/…`, from which `init(_:)` writes it again.
  ///
  /// Throws `no-nodes`, `too-many`, `out-of-bounds`, `memory-too-small` and, for a document that no reader has
  /// checked, what the reader throws; without a location.
  public func infrastructure() throws(Problem) -> (infrastructure: VirtualInfrastructure, remarks: [String]) {
    var builder = try VXDLInfrastructureBuilder(VXDLExpansion.flat(checked()))
    return try builder.build()
  }

  /// The document itself, once everything holds that a reader checks. Throws what the reader throws, without a
  /// location.
  func checked() throws(Problem) -> VXDLDocument {
    do {
      return try VXDLReader.document(VXDLTreeWriter(dialect: dialect).infrastructure(self), dialect)
    } catch {
      var problem = error
      problem.location = nil
      throw problem
    }
  }
}
