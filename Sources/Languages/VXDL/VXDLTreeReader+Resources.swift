import Quantities

extension VXDLTreeReader {
  mutating func node(_ element: MarkupElement) throws(Problem) -> VXDLNode {
    let (fields, traits) = try traits(
      element, ["device", "image", "region", "memory", "storage", "cpu", "interface"])
    try references.declare(.node, traits.common.id, element.mark)
    var node = VXDLNode(traits)
    node.devices = try fields.texts("device")
    node.image = try fields.text("image")
    node.region = try fields.text("region")
    node.memory = try capacities(fields, "memory", .bytes)
    node.storage = try capacities(fields, "storage", .bytes)
    node.cpu = try processor(fields)
    node.interfaces = try interfaces(fields)
    return node
  }

  private mutating func processor(_ fields: MarkupFields) throws(Problem) -> VXDLProcessor? {
    guard let element = try fields.one("cpu") else { return nil }
    let cpu = try MarkupFields(element, of: "\(fields.subject), cpu", ["architecture", "cores", "frequency"])
    return VXDLProcessor(
      architecture: try cpu.text("architecture"), cores: try capacities(cpu, "cores", .cores),
      frequency: try capacities(cpu, "frequency", .frequency))
  }

  func interfaces(_ fields: MarkupFields) throws(Problem) -> [VXDLInterface] {
    try fields.all("interface").map { (element) throws(Problem) in
      let interface = try MarkupFields(
        element, of: "\(fields.subject), interface", ["alias", "type", "macaddress"])
      return VXDLInterface(
        alias: try interface.text("alias"), type: try interface.text("type"),
        macAddress: try interface.text("macaddress"))
    }
  }

  mutating func router(_ element: MarkupElement) throws(Problem) -> VXDLRouter {
    let (fields, traits) = try traits(element, ["region", "memory", "controlPlane", "interface"])
    try references.declare(.router, traits.common.id, element.mark)
    var router = VXDLRouter(traits)
    router.region = try fields.text("region")
    router.memory = try capacities(fields, "memory", .bytes)
    router.controlPlane = try fields.one("controlPlane").map { (element) throws(Problem) in
      try controlPlane(element, fields.subject)
    }
    router.interfaces = try interfaces(fields)
    return router
  }

  mutating func controlPlane(_ element: MarkupElement, _ subject: String) throws(Problem) -> VXDLControlPlane {
    let fields = try MarkupFields(
      element, of: "\(subject), controlPlane", ["layer", "type", "routingProtocol", "routingTable"])
    var plane = VXDLControlPlane()
    plane.layer = try fields.text("layer")
    plane.type = try fields.text("type")
    plane.routingProtocol = try fields.text("routingProtocol")
    if let table = try fields.one("routingTable") { plane.routingTable = try routingTable(table, subject) }
    return plane
  }

  private mutating func routingTable(
    _ element: MarkupElement, _ subject: String
  ) throws(Problem) -> VXDLControlPlane.Table {
    let fields = try MarkupFields(element, of: "\(subject), routingTable", ["rtSize", "route"])
    let size = try fields.value(of: try fields.required("rtSize")) { (text) throws(Problem) in
      guard let size = Int(text), size >= 0 else {
        throw Problem(
          .invalid, "bad-number", "'\(text.excerpt)' is not a whole number from 0.", remedy: "Write one such as 100.")
      }
      return size
    }
    var table = VXDLControlPlane.Table(size: size)
    for child in fields.all("route") {
      let route = try MarkupFields(
        child, of: "\(subject), route", ["source", "destination", "vLinkIn", "vLinkOut"])
      let links = (try route.text("vLinkIn"), try route.text("vLinkOut"))
      for link in [links.0, links.1] { if let link { references.use(link: link, child.mark) } }
      table.routes.append(
        VXDLControlPlane.Route(
          from: try route.leaf(try route.required("source")),
          to: try route.leaf(try route.required("destination")), linkIn: links.0, linkOut: links.1))
    }
    return table
  }

  mutating func storage(_ element: MarkupElement) throws(Problem) -> VXDLStorage {
    let (fields, traits) = try traits(element, ["type", "image", "region", "size"])
    try references.declare(.storage, traits.common.id, element.mark)
    var storage = VXDLStorage(traits)
    storage.type = try fields.text("type")
    storage.image = try fields.text("image")
    storage.region = try fields.text("region")
    storage.size = try capacities(fields, "size", .bytes)
    return storage
  }

  mutating func accessPoint(_ element: MarkupElement) throws(Problem) -> VXDLAccessPoint {
    let services = ["loadBalancer", "nat", "masquerade"]
    let (fields, traits) = try traits(element, ["region"] + services)
    try references.declare(.accessPoint, traits.common.id, element.mark)
    var point = VXDLAccessPoint(traits)
    point.region = try fields.text("region")
    for child in element.children where services.contains(child.name) {
      point.services.append(try service(child, fields.subject))
    }
    return point
  }

  private mutating func service(
    _ element: MarkupElement, _ subject: String
  ) throws(Problem) -> VXDLAccessPoint.Service {
    let names =
      switch element.name {
      case "nat": ["inEndpoint", "inPort", "protocol", "region", "outPort"]
      case "loadBalancer": ["inEndpoint", "region", "addressNumber"]
      default: ["inEndpoint", "region"]
      }
    let fields = try MarkupFields(element, of: "\(subject), \(element.name)", names)
    for child in fields.all("inEndpoint") { references.use(end: try fields.leaf(child), child.mark) }
    let region = try fields.text("region")
    switch element.name {
    case "nat":
      return .nat(
        inEndpoint: try fields.text("inEndpoint"), inPort: try fields.text("inPort"),
        protocolName: try fields.text("protocol"), region: region, outPort: try fields.text("outPort"))
    case "loadBalancer":
      return .loadBalancer(
        inEndpoints: try fields.texts("inEndpoint"), region: region, addressNumber: try fields.text("addressNumber"))
    default: return .masquerade(inEndpoints: try fields.texts("inEndpoint"), region: region)
    }
  }

  mutating func link(_ element: MarkupElement) throws(Problem) -> VXDLLink {
    let (fields, traits) = try traits(element, ["source", "destination", "bandwidth", "latency"])
    try references.declare(.link, traits.common.id, element.mark)
    let source = try end(fields, "source")
    let destination = try end(fields, "destination")
    guard source.id != destination.id else {
      throw element.mark.problem(
        "wire-loop", "\(fields.subject) has '\(source.id.excerpt)' at both ends.", remedy: "Join two nodes.")
    }
    var link = VXDLLink(traits, from: source, to: destination)
    if let element = try fields.one("bandwidth") {
      let bandwidth = try MarkupFields(element, of: "\(fields.subject), bandwidth", ["forward", "reverse"])
      link.bandwidth = VXDLBandwidth(
        forward: try capacities(bandwidth, "forward", .rate), reverse: try capacities(bandwidth, "reverse", .rate))
    }
    link.latency = try capacities(fields, "latency", .latency)
    return link
  }

  private static let endKinds = ["vNode", "vRouter", "vStorage", "vAccessPoint"]

  private mutating func end(_ fields: MarkupFields, _ name: String) throws(Problem) -> VXDLEnd {
    let element = try fields.required(name)
    if element.children.isEmpty {
      let id = try fields.leaf(element)
      references.use(end: id, element.mark)
      return VXDLEnd(id)
    }
    let inner = try MarkupFields(element, of: "\(fields.subject), \(name)", Self.endKinds + ["interface"])
    let given = Self.endKinds.filter { !inner.all($0).isEmpty }
    guard given.count == 1 else {
      throw element.mark.problem(
        given.isEmpty ? "missing-element" : "repeated-element",
        "\(inner.subject) names \(given.isEmpty ? "nothing" : "several things") that a link can join.",
        remedy: "Write one of \(Self.endKinds.joined(separator: ", ")).")
    }
    let child = try inner.required(given[0])
    let id = try inner.leaf(child)
    references.use(end: id, child.mark)
    return VXDLEnd(id, kind: given[0], interface: try inner.text("interface"))
  }
}
