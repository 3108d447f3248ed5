import Quantities

/// A topology as its file says it, before places get names and links are merged.
struct TopologyDraft {
  struct Place {
    /// How the file's links refer to it.
    var identity: String
    /// What people call it; nil where the file does not say.
    var label: String?
    var position: GeographicPosition?
    var mark: Mark
  }

  struct Cable {
    var source, target: String
    /// Where `false`, both directions are meant.
    var isDirected: Bool
    /// In km.
    var length: Double?
    var rate: Bitrate?
    var latency: Duration?
    var mark: Mark
  }

  static let maximumPlaces = 100_000
  static let maximumCables = 1_000_000
  /// Of all sites together.
  static let maximumHosts = 1_000_000
  /// In km: more than twice round the Earth.
  static let maximumLength = 100_000.0

  var name: String?
  var places: [Place] = []
  var cables: [Cable] = []

  /// Throws `too-many`.
  mutating func add(_ place: Place) throws(Problem) {
    guard places.count < Self.maximumPlaces else { throw Self.tooMany("nodes", Self.maximumPlaces, place.mark) }
    places.append(place)
  }

  /// Throws `too-many`.
  mutating func add(_ cable: Cable) throws(Problem) {
    guard cables.count < Self.maximumCables else { throw Self.tooMany("links", Self.maximumCables, cable.mark) }
    cables.append(cable)
  }

  private static func tooMany(_ what: String, _ limit: Int, _ mark: Mark) -> Problem {
    mark.problem("too-many", "The topology has more than \(limit) \(what).", remedy: "Read a part of it.")
  }
}
