import API
import Infrastructure
import Quantities

/// Something that a controller shall do, which takes its time.
public struct CloudOrder: Sendable {
  let method: String
  var path: RequestPath
  let body: RequestBody?

  private init(_ method: String, _ path: RequestPath, _ body: RequestBody? = nil) {
    (self.method, self.path, self.body) = (method, path, body)
  }

  /// How something is built.
  public struct BuildMode: Hashable, Sendable {
    /// As `--algorithm` takes it; nil is the usual one.
    public var algorithm: String?
    /// Of the search, and how much it may do; nil is the usual.
    public var seed, budget: Int?
    /// The project that pays; nil is the user alone.
    public var project: String?
    /// Machines of a host that is lost are restarted on others.
    public var restartsElsewhere: Bool

    /// The usual search, at nobody's cost but the user's, unless it is said.
    public init(
      algorithm: String? = nil, seed: Int? = nil, budget: Int? = nil, project: String? = nil,
      restartsElsewhere: Bool = false
    ) {
      (self.algorithm, self.seed, self.budget, self.project) = (algorithm, seed, budget, project)
      self.restartsElsewhere = restartsElsewhere
    }
  }

  /// Build what the file (YAML) says, or change what runs into it.
  public static func build(_ name: Name, file: String, mode: BuildMode = BuildMode()) -> CloudOrder {
    let query: KeyValuePairs = [
      "algorithm": mode.algorithm, "seed": mode.seed.map(String.init), "budget": mode.budget.map(String.init),
      "project": mode.project, "restart": mode.restartsElsewhere ? "elsewhere" : nil,
    ]
    return CloudOrder("PUT", RequestPath("infrastructures", "\(name)", query: query), .yaml(file))
  }

  /// Take a counter-offer that is held.
  public static func take(offer number: Int) -> CloudOrder {
    CloudOrder("POST", RequestPath("offers", "\(number)", "take"))
  }

  /// Change what runs or is reserved.
  public static func change(_ name: String, _ changes: [ChangeDocument]) throws -> CloudOrder {
    CloudOrder("POST", RequestPath("infrastructures", name, "changes"), try .json(changes))
  }

  /// End an infrastructure; `onlyReserved` is refused where it has begun.
  public static func end(_ name: String, onlyReserved: Bool = false) -> CloudOrder {
    CloudOrder("DELETE", RequestPath("infrastructures", name, query: ["onlyReserved": onlyReserved ? "true" : nil]))
  }

  /// Move the end of a lease.
  public static func moveEnd(_ name: String, _ change: LeaseChange) throws -> CloudOrder {
    CloudOrder("PATCH", RequestPath("infrastructures", name, "lease"), try .json(change))
  }

  /// What is done to one infrastructure.
  public enum InfrastructureVerb: String, Sendable { case retry, pause, resume }

  /// Retry one that failed, pause or resume one that runs.
  public static func infrastructure(_ name: String, _ verb: InfrastructureVerb) -> CloudOrder {
    CloudOrder("POST", RequestPath("infrastructures", name, verb.rawValue))
  }

  /// What is done to one host.
  public enum HostVerb: String, Sendable { case cordon, uncordon, drain }

  /// Have a host take no more machines, or take them again, or move those it has elsewhere.
  public static func host(_ name: String, _ verb: HostVerb) -> CloudOrder {
    CloudOrder("POST", RequestPath("hosts", name, verb.rawValue))
  }

  /// Put a substrate file (YAML) into force.
  public static func apply(substrate: String) -> CloudOrder {
    CloudOrder("PUT", RequestPath("substrate"), .yaml(substrate))
  }

  /// Go back to the controller's machine alone.
  public static var removeSubstrate: CloudOrder { CloudOrder("DELETE", RequestPath("substrate")) }

  /// Remove what nothing explains; `dryRun` only lists it.
  public static func collectGarbage(dryRun: Bool) -> CloudOrder {
    CloudOrder("POST", RequestPath("garbage", query: ["dryRun": dryRun ? "true" : nil]))
  }
}
