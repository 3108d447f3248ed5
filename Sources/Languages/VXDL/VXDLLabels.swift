import Quantities

/// What a description says beyond the model, kept as labels `vxdl/…` so that it can be written again.
///
/// Plain values are kept as they are, structures as XML on one line, lists with `/1`, `/2` and so on.
struct VXDLLabels {
  enum Key: String {
    case id, owner, user, location, model, region, device, image, architecture, frequency, tag, type, kind, interface,
      event, link, dialect, exclusivity
    case startDate = "start-date"
    case totalTime = "total-time"
    case accessPoint = "access-point"
    case controlPlane = "control-plane"
    case sourceInterface = "source-interface"
    case destinationInterface = "destination-interface"
  }

  static let prefix = "vxdl/"
  private(set) var values: [String: String]

  init(_ values: [String: String] = [:]) { self.values = values }

  subscript(key: Key) -> String? {
    get { values[Self.prefix + key.rawValue]?.trimmedMarkup }
    set { values[Self.prefix + key.rawValue] = newValue }
  }

  /// The values `KEY/1`, `KEY/2` … as far as there are.
  subscript(all key: Key) -> [String] {
    get {
      var found: [String] = []
      while let value = values[Self.numbered(key, found.count + 1)] { found.append(value.trimmedMarkup) }
      return found
    }
    set { for (index, value) in newValue.enumerated() { values[Self.numbered(key, index + 1)] = value } }
  }

  private static func numbered(_ key: Key, _ number: Int) -> String { "\(prefix)\(key.rawValue)/\(number)" }

  /// Labels that are none of these.
  var others: [(key: String, value: String)] {
    values.filter { !$0.key.hasPrefix(Self.prefix) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A tag with neither key nor value says nothing, and is not kept.
  var tags: [VXDLTag] {
    get {
      var found: [VXDLTag] = []
      while true {
        let stem = Self.numbered(.tag, found.count + 1)
        let tag = VXDLTag(
          key: values["\(stem)/key"]?.trimmedMarkup, value: values["\(stem)/value"]?.trimmedMarkup)
        guard tag != VXDLTag() else { return found }
        found.append(tag)
      }
    }
    set {
      for (index, tag) in newValue.filter({ $0 != VXDLTag() }).enumerated() {
        values["\(Self.numbered(.tag, index + 1))/key"] = tag.key
        values["\(Self.numbered(.tag, index + 1))/value"] = tag.value
      }
    }
  }

  /// What the model has no place for of every resource.
  mutating func keep(_ traits: VXDLTraits) {
    self[.id] = traits.common.id
    self[.startDate] = traits.common.startDate?.description
    self[.totalTime] = traits.common.totalTime?.description
    self[.model] = traits.model
    tags = traits.tags
  }

  /// The traits that `keep` has kept, with other labels as tags. Throws what dates throw.
  func traits(id: String) throws(Problem) -> VXDLTraits {
    var traits = VXDLTraits(VXDLCommon(id: id))
    traits.common.startDate = try self[.startDate].map { (text) throws(Problem) in try VXDLDate(parsing: text) }
    traits.common.totalTime = try self[.totalTime].map { (text) throws(Problem) in try VXDLSpan(parsing: text) }
    traits.model = self[.model]
    traits.tags = tags + others.map { VXDLTag(key: $0.key.trimmedMarkup, value: $0.value.trimmedMarkup) }
    return traits
  }

  /// The element that a label holds as XML. Throws what `MarkupTree` throws.
  static func element(_ text: String, of key: Key) throws(Problem) -> MarkupElement {
    try MarkupTree.load(Array(text.utf8), file: "\(prefix)\(key.rawValue)")
  }
}
