import Quantities

/// The attributes of a node, link or graph, and what they mean; shared by the formats.
///
/// Keys are compared without regard to case. Those with no meaning here are left alone.
struct TopologyAttributes {
  struct Value {
    var text: String
    var mark: Mark
  }

  /// The object, as the beginning of a sentence: `Node '7'`.
  var subject: String
  var mark: Mark
  private var values: [String: Value] = [:]

  init(subject: String, mark: Mark) {
    self.subject = subject
    self.mark = mark
  }

  /// The text of an attribute; of two that differ only in case the last.
  subscript(key: String) -> Value? {
    get { values[key.lowercased()] }
    set { values[key.lowercased()] = newValue }
  }

  /// The first of these attributes whose text says something.
  func text(_ keys: String...) -> String? {
    keys.lazy.compactMap { self[$0]?.text }.first { !$0.isEmpty && $0 != "None" && $0 != "?" }
  }

  /// A finite number. Throws `bad-number`.
  func number(_ key: String) throws(Problem) -> Double? {
    guard let value = self[key], !value.text.isEmpty else { return nil }
    return try Self.number(value.text, "\(subject), \(key)", value.mark)
  }

  /// Throws `bad-number`.
  static func number(_ text: String, _ subject: String, _ mark: Mark) throws(Problem) -> Double {
    guard let number = Double(text), number.isFinite else {
      throw mark.problem(
        "bad-number", "\(subject): '\(text.excerpt)' is not a finite number.", remedy: "Write one such as 12.5.")
    }
    return number
  }

  /// From two attributes in degrees; nil unless both are there.
  func position(latitude: String, longitude: String) throws(Problem) -> GeographicPosition? {
    guard let y = try number(latitude), let x = try number(longitude) else { return nil }
    return try GeographicPosition(latitude: y, longitude: x, of: subject, at: mark)
  }

  /// `Latitude` and `Longitude` (Topology Zoo), else `lat` and `lon`.
  func position() throws(Problem) -> GeographicPosition? {
    if let position = try position(latitude: "latitude", longitude: "longitude") { return position }
    return try position(latitude: "lat", longitude: "lon")
  }

  /// `dist`: kilometres.
  func length() throws(Problem) -> Double? {
    guard let length = try number("dist") else { return nil }
    guard (0...TopologyDraft.maximumLength).contains(length) else {
      throw (self["dist"]?.mark ?? mark).problem(
        "out-of-bounds", "\(subject), dist: \(length) is not a distance on the Earth in km.",
        remedy: "Write 0 to \(Int(TopologyDraft.maximumLength)) km.")
    }
    return length
  }

  /// `rate` with its unit, else `LinkSpeedRaw` (Topology Zoo) in bit/s; nil where neither is there.
  func rate() throws(Problem) -> Bitrate? {
    if let value = self["rate"] {
      return try value.mark.locating("\(subject), rate") { () throws(Problem) in try Bounds.rate(value.text) }
    }
    guard let rate = try number("LinkSpeedRaw") else { return nil }
    guard rate >= 1, rate <= 100e12 else {
      throw (self["LinkSpeedRaw"]?.mark ?? mark).problem(
        "out-of-bounds", "\(subject), LinkSpeedRaw: \(rate) is not from 1 bit/s to 100 Tbit/s.",
        remedy: "Write bit/s, such as 10000000000, or leave it out.")
    }
    return Bitrate(bitsPerSecond: UInt64(rate))
  }

  /// `latency` with its unit.
  func latency() throws(Problem) -> Duration? {
    guard let value = self["latency"] else { return nil }
    return try value.mark.locating("\(subject), latency") { () throws(Problem) in try Bounds.latency(value.text) }
  }
}
