import Quantities

/// Makes typed resources of elements, and notes which ids they declare and use.
struct VXDLTreeReader {
  static let commonNames = ["id", "location", "startDate", "totalTime"]
  static let traitNames = commonNames + ["model", "exclusivity", "tag"]
  static let resourceNames = ["vNode", "vRouter", "vStorage", "vAccessPoint", "vLink", "vArray"]

  var references = VXDLReferences()

  func common(_ fields: MarkupFields) throws(Problem) -> VXDLCommon {
    guard let id = try fields.attributeOrText("id"), !id.isEmpty else {
      throw fields.element.mark.problem("missing-element", "\(fields.subject) has no 'id'.", remedy: "Give it an id.")
    }
    return VXDLCommon(
      id: id, location: try fields.text("location"),
      startDate: try fields.value("startDate", VXDLDate.init(parsing:)),
      totalTime: try fields.value("totalTime", VXDLSpan.init(parsing:)))
  }

  mutating func timeline(_ fields: MarkupFields) throws(Problem) -> [VXDLEvent] {
    guard let element = try fields.one("timeline") else { return [] }
    var events: [VXDLEvent] = []
    let timeline = try MarkupFields(element, of: "The timeline", ["event"])
    for child in timeline.all("event") {
      let fields = try MarkupFields(child, of: "The event", ["id", "delay"])
      let id = try fields.required("id")
      let delay = try fields.required("delay")
      events.append(
        VXDLEvent(id: try fields.leaf(id), delay: try fields.value(of: delay, VXDLNumber.init(parsing:))))
      try references.declare(event: try fields.leaf(id), child.mark)
    }
    guard !events.isEmpty else {
      throw element.mark.problem("missing-element", "The timeline has no 'event'.", remedy: "Add one, or remove it.")
    }
    return events
  }

  /// A resource of any kind.
  mutating func resource(_ element: MarkupElement) throws(Problem) -> VXDLResource {
    switch element.name {
    case "vNode": .node(try node(element))
    case "vRouter": .router(try router(element))
    case "vStorage": .storage(try storage(element))
    case "vAccessPoint": .accessPoint(try accessPoint(element))
    case "vLink": .link(try link(element))
    default: .array(try array(element))
    }
  }

  private mutating func array(_ element: MarkupElement) throws(Problem) -> VXDLArray {
    let members = Self.resourceNames.filter { $0 != "vArray" }
    let fields = try MarkupFields(
      element, of: Self.subject(element), ["id", "location", "cardinality"] + members, attributes: ["id"])
    guard let id = try fields.attributeOrText("id"), !id.isEmpty else {
      throw element.mark.problem("missing-element", "\(fields.subject) has no 'id'.", remedy: "Give it an id.")
    }
    let cardinality = try fields.value(of: try fields.required("cardinality")) { (text) throws(Problem) in
      guard let count = Int(text), (1...NamePattern.maximumNames).contains(count) else {
        throw Problem(
          .invalid, "out-of-bounds", "'\(text.excerpt)' is not a whole number from 1 to \(NamePattern.maximumNames).",
          remedy: "Write how many of each member there are.")
      }
      return count
    }
    try references.declare(.array, id, element.mark)
    var array = VXDLArray(id: id, location: try fields.text("location"), cardinality: cardinality, members: [])
    for child in element.children where members.contains(child.name) { array.members.append(try resource(child)) }
    return array
  }

  /// The fields of a resource and its traits.
  func traits(
    _ element: MarkupElement, _ names: [String]
  ) throws(Problem) -> (fields: MarkupFields, traits: VXDLTraits) {
    let fields = try MarkupFields(
      element, of: Self.subject(element), Self.traitNames + names, attributes: ["id"])
    var traits = VXDLTraits(try common(fields))
    traits.model = try fields.text("model")
    traits.exclusivity = try fields.value("exclusivity") { (text) throws(Problem) in
      if let value = ["true": true, "1": true, "false": false, "0": false][text] { return value }
      throw Problem(
        .invalid, "unknown-word", "'\(text.excerpt)' is neither true nor false.", remedy: "Write true or false.")
    }
    for child in fields.all("tag") {
      let tag = try MarkupFields(child, of: "\(fields.subject), tag", ["key", "value"])
      traits.tags.append(VXDLTag(key: try tag.text("key"), value: try tag.text("value")))
    }
    return (fields, traits)
  }

  /// Capacities of one thing: at most one for the start, and one for each event.
  mutating func capacities(
    _ fields: MarkupFields, _ name: String, _ measure: VXDLMeasure
  ) throws(Problem) -> [VXDLCapacity] {
    var capacities: [VXDLCapacity] = []
    for child in fields.all(name) {
      let capacity = try capacity(child, "\(fields.subject), \(name)", measure)
      guard !capacities.contains(where: { $0.event == capacity.event }) else {
        throw child.mark.problem(
          "repeated-element", "\(fields.subject) has a second '\(name)' for the same time.",
          remedy: "Remove one of the two, or name in 'event' from when on it holds.")
      }
      if let event = capacity.event { references.use(event: event, child.mark) }
      capacities.append(capacity)
    }
    return capacities
  }

  private func capacity(
    _ element: MarkupElement, _ subject: String, _ measure: VXDLMeasure
  ) throws(Problem) -> VXDLCapacity {
    let kinds = ["simple", "set", "interval", "scale"]
    let fields = try MarkupFields(element, of: subject, ["unit", "event"] + kinds)
    let given = kinds.filter { !fields.all($0).isEmpty }
    guard given.count == 1 else {
      throw element.mark.problem(
        given.isEmpty ? "missing-element" : "repeated-element",
        "\(subject) has \(given.isEmpty ? "no amount" : "several kinds of amount").",
        remedy: "Write one of \(kinds.joined(separator: ", ")), such as <simple>1</simple>.")
    }
    let capacity = VXDLCapacity(
      try amount(fields, given[0]), unit: try fields.text("unit"), event: try fields.text("event"))
    _ = try element.mark.locating(subject) { () throws(Problem) in try capacity.bounds(measure) }
    return capacity
  }

  private func amount(_ fields: MarkupFields, _ kind: String) throws(Problem) -> VXDLCapacity.Amount {
    let read: (String) throws(Problem) -> VXDLNumber = VXDLNumber.init(parsing:)
    switch kind {
    case "simple": return .simple(try fields.value(of: try fields.required("simple"), read))
    case "set": return .set(try fields.all("set").map { (child) throws(Problem) in try fields.value(of: child, read) })
    case "interval":
      let range = try MarkupFields(try fields.required(kind), of: "\(fields.subject), \(kind)", ["min", "max"])
      return .interval(min: try range.value("min", read), max: try range.value("max", read))
    default:
      let range = try MarkupFields(try fields.required(kind), of: "\(fields.subject), \(kind)", ["min", "max", "step"])
      return .scale(
        min: try range.value(of: try range.required("min"), read),
        max: try range.value(of: try range.required("max"), read),
        step: try range.value(of: try range.required("step"), read))
    }
  }

  /// `vNode 'vn1'`, or only `vNode` where the id is not readable.
  static func subject(_ element: MarkupElement) -> String {
    let id = element.attributes["id"] ?? element.children.first { $0.name == "id" }?.text ?? ""
    return id.isEmpty ? element.name : "\(element.name) '\(id.excerpt)'"
  }
}

extension MarkupFields {
  /// A value that the published form has as an element and the bare one as an attribute.
  func attributeOrText(_ name: String) throws(Problem) -> String? {
    let text = try text(name)
    guard let attribute = element.attributes[name]?.trimmedMarkup else { return text }
    guard text == nil else {
      throw element.mark.problem(
        "repeated-element", "\(subject) has '\(name)' as an attribute and as an element.", remedy: "Remove one.")
    }
    return attribute
  }
}
