/// Makes elements of a document.
struct VXDLTreeWriter {
  var dialect = VXDLDocument.Dialect.published

  func infrastructure(_ document: VXDLDocument) -> MarkupElement {
    var root = identified("virtualInfrastructure", document.common)
    if dialect == .bare { root.attributes["owner"] = document.owner } else { root.add("owner", document.owner) }
    for user in document.users { root.add("user", user) }
    root.children += document.resources.map(resource)
    if !document.timeline.isEmpty {
      let events = document.timeline.map { event in
        MarkupElement("event", [MarkupElement("id", text: event.id), MarkupElement("delay", text: "\(event.delay)")])
      }
      root.children.append(MarkupElement("timeline", events))
    }
    return root
  }

  func resource(_ resource: VXDLResource) -> MarkupElement {
    switch resource {
    case .node(let node): self.node(node)
    case .router(let router): self.router(router)
    case .storage(let storage): self.storage(storage)
    case .accessPoint(let point): accessPoint(point)
    case .link(let link): self.link(link)
    case .array(let array): self.array(array)
    }
  }

  private func identified(_ name: String, _ common: VXDLCommon) -> MarkupElement {
    var element = MarkupElement(name)
    if dialect == .bare { element.attributes["id"] = common.id } else { element.add("id", common.id) }
    element.add("location", common.location)
    element.add("startDate", common.startDate?.description)
    element.add("totalTime", common.totalTime?.description)
    return element
  }

  private func element(_ name: String, _ traits: VXDLTraits) -> MarkupElement {
    var element = identified(name, traits.common)
    element.add("model", traits.model)
    element.add("exclusivity", traits.exclusivity.map { $0 ? "true" : "false" })
    for tag in traits.tags {
      var child = MarkupElement("tag")
      child.add("key", tag.key)
      child.add("value", tag.value)
      element.children.append(child)
    }
    return element
  }

  private func node(_ node: VXDLNode) -> MarkupElement {
    var element = element("vNode", node.traits)
    for device in node.devices { element.add("device", device) }
    element.add("image", node.image)
    element.add("region", node.region)
    element.add("memory", node.memory)
    element.add("storage", node.storage)
    if let cpu = node.cpu {
      var child = MarkupElement("cpu")
      child.add("architecture", cpu.architecture)
      child.add("cores", cpu.cores)
      child.add("frequency", cpu.frequency)
      element.children.append(child)
    }
    element.children += node.interfaces.map(Self.interface)
    return element
  }

  static func interface(_ interface: VXDLInterface) -> MarkupElement {
    var element = MarkupElement("interface")
    element.add("alias", interface.alias)
    element.add("type", interface.type)
    element.add("macaddress", interface.macAddress)
    return element
  }

  private func router(_ router: VXDLRouter) -> MarkupElement {
    var element = element("vRouter", router.traits)
    element.add("region", router.region)
    element.add("memory", router.memory)
    if let plane = router.controlPlane { element.children.append(Self.controlPlane(plane)) }
    element.children += router.interfaces.map(Self.interface)
    return element
  }

  static func controlPlane(_ plane: VXDLControlPlane) -> MarkupElement {
    var element = MarkupElement("controlPlane")
    element.add("layer", plane.layer)
    element.add("type", plane.type)
    element.add("routingProtocol", plane.routingProtocol)
    guard let table = plane.routingTable else { return element }
    var child = MarkupElement("routingTable", [MarkupElement("rtSize", text: "\(table.size)")])
    for route in table.routes {
      var row = MarkupElement("route")
      row.add("source", route.source)
      row.add("destination", route.destination)
      row.add("vLinkIn", route.linkIn)
      row.add("vLinkOut", route.linkOut)
      child.children.append(row)
    }
    element.children.append(child)
    return element
  }

  private func storage(_ storage: VXDLStorage) -> MarkupElement {
    var element = element("vStorage", storage.traits)
    element.add("type", storage.type)
    element.add("image", storage.image)
    element.add("region", storage.region)
    element.add("size", storage.size)
    return element
  }

  private func accessPoint(_ point: VXDLAccessPoint) -> MarkupElement {
    var element = element("vAccessPoint", point.traits)
    element.add("region", point.region)
    element.children += point.services.map(service)
    return element
  }

  private func service(_ service: VXDLAccessPoint.Service) -> MarkupElement {
    switch service {
    case .loadBalancer(let ends, let region, let number):
      var element = MarkupElement("loadBalancer", ends.map { MarkupElement("inEndpoint", text: $0) })
      element.add("region", region)
      element.add("addressNumber", number)
      return element
    case .nat(let end, let inPort, let protocolName, let region, let outPort):
      var element = MarkupElement("nat")
      element.add("inEndpoint", end)
      element.add("inPort", inPort)
      element.add("protocol", protocolName)
      element.add("region", region)
      element.add("outPort", outPort)
      return element
    case .masquerade(let ends, let region):
      var element = MarkupElement("masquerade", ends.map { MarkupElement("inEndpoint", text: $0) })
      element.add("region", region)
      return element
    }
  }

  private func link(_ link: VXDLLink) -> MarkupElement {
    var element = element("vLink", link.traits)
    element.children += [end("source", link.source), end("destination", link.destination)]
    if let bandwidth = link.bandwidth {
      var child = MarkupElement("bandwidth")
      child.add("forward", bandwidth.forward)
      child.add("reverse", bandwidth.reverse)
      element.children.append(child)
    }
    element.add("latency", link.latency)
    return element
  }

  private func end(_ name: String, _ end: VXDLEnd) -> MarkupElement {
    guard let kind = end.kind else { return MarkupElement(name, text: end.id) }
    var element = MarkupElement(name, [MarkupElement(kind, text: end.id)])
    element.add("interface", end.interface)
    return element
  }

  private func array(_ array: VXDLArray) -> MarkupElement {
    var element = identified("vArray", VXDLCommon(id: array.id, location: array.location))
    element.add("cardinality", "\(array.cardinality)")
    element.children += array.members.map(resource)
    return element
  }
}
