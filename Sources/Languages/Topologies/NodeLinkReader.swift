import Infrastructure
import Quantities

/// Reads topologies in networkx' node-link JSON, as `networkx.node_link_data` and TopoHub write them.
///
/// - Nodes: `id` (text, number, or a list of them for a tuple); the name from `name` or `label`; the position from
///   `pos` `[longitude, latitude]` or from `Latitude` and `Longitude`, in degrees.
/// - Links, in `links` or `edges`: `source`, `target`; the rate from `rate` (`10Gbit/s`) or `LinkSpeedRaw` (bit/s);
///   the latency from `latency` (`5ms`), else from `dist` (km), else along the great circle between positions.
/// - Other attributes are ignored. Parallel links become one with the sum of their rates; of a directed graph the
///   smaller direction counts. Nothing needs to be connected.
public enum NodeLinkReader {
  /// The substrate that `text` describes, completed by `defaults`.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most 32 MiB, 100,000 nodes and 1,000,000 links.
  ///   - file: how the file is called in problems' locations.
  ///   - defaults: what a topology does not say.
  /// - Throws: a problem of kind `invalid` whose location is `FILE:LINE:COLUMN`, counted from 1: `not-json`,
  ///   `not-a-topology`, `no-such-site`, `link-loop`, `duplicate-site`, `bad-number`, `out-of-bounds`, `too-deep`,
  ///   `too-many` and what is wrong with a value.
  public static func read(
    text: [UInt8], file: String, defaults: TopologyDefaults = TopologyDefaults()
  ) throws(Problem) -> Substrate {
    let root = try JSONScanner.load(TopologyText.checked(text, file), file: file)
    return try NodeLinkGraph(root).draft.substrate(file, defaults)
  }
}
