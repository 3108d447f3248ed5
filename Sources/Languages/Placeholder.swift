import Infrastructure
import Quantities
public enum InfrastructureReader { public static func read(text: [UInt8], file: String, environment: [String: String]) throws(Problem) -> VirtualInfrastructure { fatalError() } }
public enum SubstrateReader { public static func read(text: [UInt8], file: String, environment: [String: String]) throws(Problem) -> Substrate { fatalError() } }
