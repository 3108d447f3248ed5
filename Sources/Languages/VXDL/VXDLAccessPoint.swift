/// `vAccessPoint`: where the world outside gets in.
public struct VXDLAccessPoint: Hashable, Sendable {
  public enum Service: Hashable, Sendable {
    case loadBalancer(inEndpoints: [String], region: String?, addressNumber: String?)
    case nat(inEndpoint: String?, inPort: String?, protocolName: String?, region: String?, outPort: String?)
    case masquerade(inEndpoints: [String], region: String?)
  }

  public var traits: VXDLTraits
  public var region: String?
  public var services: [Service] = []

  public init(_ traits: VXDLTraits) { self.traits = traits }
}
