import Linux
import Quantities
public struct MachineSpec: Hashable, Sendable {
  public enum RootImage: Hashable, Sendable {
    case host
    case directory(String)
    case archive(String)
  }
  public init(
    label: String, key: String, hostname: String, image: RootImage = .host, cpu: Cores, memory: ByteCount,
    isRouter: Bool = false
  ) {}
}
public struct MachineDriver: Sendable {
  public init(cgroupFolder: String = "virtcloud", runFolder: String = "/run/virtcloud", cacheFolder: String = "/var/cache/virtcloud") throws {}
  public func running() throws -> [UInt32: [String: Int32]] { [:] }
  public func kill(infrastructure number: UInt32) throws {}
  public func kill(machine key: String, infrastructure number: UInt32) throws {}
  public func infrastructures() throws -> [UInt32] { [] }
  public func writeHosts(infrastructure number: UInt32, _ text: String) throws {}
  public struct Started { public var key: String; public var pid: Int32 }
  public func launch(_ specs: [MachineSpec], infrastructure number: UInt32, started: ([Started]) throws -> Void) throws {}
}
