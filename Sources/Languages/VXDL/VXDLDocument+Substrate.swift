import Infrastructure
import Quantities

extension VXDLDocument {
  /// The description read as one of a physical grid, and what of it the model has no place for, a sentence each.
  ///
  /// Each `vNode` is a site with one emulated host (`NAME-1`) and VLANs 100 to 4000, each `vRouter` a site
  /// without hosts, each `vLink` a core link. Of an interval, a set or a scale only the smallest amount counts:
  /// so much is there for certain. Of two directions the smaller rate counts for both.
  ///
  /// Throws `no-hosts`, `out-of-bounds`, `memory-too-small`, `too-many` and, for a document that no reader has
  /// checked, what the reader throws; without a location.
  public func substrate() throws(Problem) -> (substrate: Substrate, remarks: [String]) {
    var builder = try VXDLSubstrateBuilder(VXDLExpansion.flat(checked()))
    return try builder.build()
  }
}
