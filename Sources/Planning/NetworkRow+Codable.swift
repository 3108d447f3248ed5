import Infrastructure
import Quantities

/// As JSON for people and programs: latencies as text.
extension NetworkRow {
  private enum CodingKeys: String, CodingKey {
    case network, kind, hosts, sites, latency, vlans, minimum, reverseMinimum, allowed, reverseAllowed
  }

  /// Throws a `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let latencyText = try fields.decode(String.self, forKey: .latency)
    let latency: Duration
    do throws(Problem) { latency = try Duration(parsing: latencyText) } catch {
      throw DecodingError.dataCorruptedError(forKey: .latency, in: fields, debugDescription: error.message)
    }
    self.init(
      network: try fields.decode(Name.self, forKey: .network),
      kind: try fields.decode(Network.Kind.self, forKey: .kind), hosts: try fields.decode([Name].self, forKey: .hosts),
      sites: try fields.decode([Name].self, forKey: .sites), latency: latency,
      vlans: try fields.decode([Name: VLANID].self, forKey: .vlans),
      minimum: try fields.decode(Bitrate.self, forKey: .minimum),
      reverseMinimum: try fields.decode(Bitrate.self, forKey: .reverseMinimum),
      allowed: try fields.decodeIfPresent(Bitrate.self, forKey: .allowed),
      reverseAllowed: try fields.decodeIfPresent(Bitrate.self, forKey: .reverseAllowed))
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(network, forKey: .network)
    try fields.encode(kind, forKey: .kind)
    try fields.encode(hosts, forKey: .hosts)
    try fields.encode(sites, forKey: .sites)
    try fields.encode(latency.text, forKey: .latency)
    try fields.encode(vlans, forKey: .vlans)
    try fields.encode(minimum, forKey: .minimum)
    try fields.encode(reverseMinimum, forKey: .reverseMinimum)
    try fields.encodeIfPresent(allowed, forKey: .allowed)
    try fields.encodeIfPresent(reverseAllowed, forKey: .reverseAllowed)
  }
}
