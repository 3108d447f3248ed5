extension VXDLResource {
  var isLink: Bool { if case .link = self { true } else { false } }

  /// What every resource has; of an array only its id and location.
  var traits: VXDLTraits {
    get {
      switch self {
      case .node(let node): node.traits
      case .router(let router): router.traits
      case .storage(let storage): storage.traits
      case .accessPoint(let point): point.traits
      case .link(let link): link.traits
      case .array(let array): VXDLTraits(VXDLCommon(id: array.id, location: array.location))
      }
    }
    set {
      switch self {
      case .node(var node):
        node.traits = newValue
        self = .node(node)
      case .router(var router):
        router.traits = newValue
        self = .router(router)
      case .storage(var storage):
        storage.traits = newValue
        self = .storage(storage)
      case .accessPoint(var point):
        point.traits = newValue
        self = .accessPoint(point)
      case .link(var link):
        link.traits = newValue
        self = .link(link)
      case .array(var array):
        (array.id, array.location) = (newValue.common.id, newValue.common.location)
        self = .array(array)
      }
    }
  }

  var id: String {
    get { traits.common.id }
    set { traits.common.id = newValue }
  }

  var location: String? {
    get { traits.common.location }
    set { traits.common.location = newValue }
  }
}
