extension MarkupElement {
  /// Adds a child with that text; nothing where it is nil.
  mutating func add(_ name: String, _ text: String?) {
    if let text { children.append(MarkupElement(name, text: text)) }
  }

  /// Adds a child for each capacity.
  mutating func add(_ name: String, _ capacities: [VXDLCapacity]) {
    for capacity in capacities { children.append(capacity.element(name)) }
  }
}

extension VXDLCapacity {
  func element(_ name: String) -> MarkupElement {
    var element = MarkupElement(name)
    element.add("unit", unit)
    element.add("event", event)
    switch amount {
    case .simple(let value): element.add("simple", value.description)
    case .set(let values): for value in values { element.add("set", value.description) }
    case .interval(let low, let high):
      var range = MarkupElement("interval")
      range.add("min", low?.description)
      range.add("max", high?.description)
      element.children.append(range)
    case .scale(let low, let high, let step):
      var range = MarkupElement("scale")
      range.add("min", low.description)
      range.add("max", high.description)
      range.add("step", step.description)
      element.children.append(range)
    }
    return element
  }
}
