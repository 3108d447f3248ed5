import API
import Controller
import FoundationEssentials
import Glibc
import Linux
import Quantities

/// Where an agent keeps what: in its state directory what must survive, in its run directory what a reboot ends.
struct AgentPlaces: Sendable {
  let installation: Installation

  private var folder: String { installation.stateDirectory + "/agent" }
  var key: String { folder + "/key.pem" }
  var certificate: String { folder + "/certificate.pem" }
  var authority: String { folder + "/authority.pem" }
  private var membership: String { folder + "/membership.json" }
  private var plans: String { folder + "/plans.json" }
  private var contact: String { installation.runDirectory + "/contact" }
  /// Locked while an agent of this installation lives.
  var lock: String { installation.runDirectory + "/agent" }

  func prepare() throws {
    try DurableFile.makeFolder(folder)
    try DurableFile.makeFolder(installation.runDirectory)
  }

  /// Which cloud this host belongs to.
  struct Membership: Codable, Hashable, Sendable {
    var host: Name
    /// `https://…`, the first is asked first.
    var controllers: [String]
  }

  func readMembership() throws -> Membership? { try decode(Membership.self, membership) }
  func write(_ value: Membership) throws { try encode(value, membership) }

  /// The last plans; nil where there never were any.
  func readPlans() throws -> KeptPlans? { try decode(KeptPlans.self, plans) }
  func write(_ value: KeptPlans) throws { try encode(value, plans) }

  /// The next start asks for all plans.
  func forgetPlans() throws {
    guard unlink(plans) != 0 else { return }
    let code = errno
    if code != ENOENT { throw SystemError(operation: "remove", object: plans, errno: code) }
  }

  /// When the last request that was answered was sent.
  func readContact() throws -> HostMoment? { try decode(HostMoment.self, contact) }
  func write(_ value: HostMoment) throws {
    try DurableFile.write(Array(try JSONEncoder().encode(value)), to: contact, isDurable: false)
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value? {
    guard let bytes = try DurableFile.read(path) else { return nil }
    do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
      throw Problem(
        .failed, "agent-state-damaged", "The agent's file '\(path)' cannot be read.",
        remedy: "Remove it and start the agent again; it asks the controller for what stood there.")
    }
  }

  private func encode(_ value: some Encodable, _ path: String) throws {
    try DurableFile.write(Array(try JSONEncoder().encode(value)), to: path)
  }
}
