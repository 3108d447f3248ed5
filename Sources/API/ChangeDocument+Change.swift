import Controller
import Infrastructure
import Quantities

extension ChangeDocument {
  /// The change as the engine takes it. Throws a problem of kind `invalid` where a text is none.
  public func change() throws(Problem) -> InfrastructureChange {
    switch self {
    case .connect(let first, let second, let name, let type, let rate, let mtu):
      var settings = Network(
        // Its name and its ends are given apart.
        name: try Name(parsing: "wire"), kind: .wire, endpoints: [],
        rate: try rate.map { (text) throws(Problem) in try RateRange(parsing: text) } ?? RateRange(), mtu: mtu)
      if let type { settings.type = try NetworkSetting.choice(WireType.self, type) }
      return .connect(
        try EndpointReference(parsing: first), try EndpointReference(parsing: second),
        name: try name.map { (text) throws(Problem) in try Name(parsing: text) }, settings: settings)
    case .disconnect(let wire): return .disconnect(wire)
    case .set(let object, let settings):
      let parts = object.split(separator: "/", maxSplits: 1).map(String.init)
      guard parts.count == 2, let kind = Network.Kind(rawValue: parts[0]) else {
        throw Problem(
          .invalid, "bad-object", "'\(object.excerpt)' is neither a wire nor a segment.",
          remedy: "Write wire/NAME or segment/NAME.")
      }
      return .set(
        kind: kind, network: parts[1],
        try settings.map { (text) throws(Problem) in try NetworkSetting(parsing: text) })
    }
  }
}
