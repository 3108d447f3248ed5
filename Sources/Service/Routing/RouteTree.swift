/// Finds the routes of a path: a tree of segments, so that it takes as many steps as the path has segments.
struct RouteTree: Sendable {
  private struct Branch: Sendable {
    var literals: [String: Int] = [:]
    var capture: Int?
    /// What takes all that is left.
    var rest: [Route.Method: Route] = [:]
    var routes: [Route.Method: Route] = [:]
  }

  private var branches = [Branch()]

  init(_ routes: [Route]) {
    for route in routes { add(route) }
  }

  private mutating func add(_ route: Route) {
    var position = 0
    for segment in route.pattern.segments {
      switch segment {
      case .literal(let text): position = step(position, \.literals[text])
      case .capture: position = step(position, \.capture)
      case .rest:
        precondition(branches[position].rest[route.method] == nil, "two routes \(route.pattern.text)")
        branches[position].rest[route.method] = route
        return
      }
    }
    precondition(branches[position].routes[route.method] == nil, "two routes \(route.pattern.text)")
    branches[position].routes[route.method] = route
  }

  private mutating func step(_ position: Int, _ way: WritableKeyPath<Branch, Int?>) -> Int {
    if let next = branches[position][keyPath: way] { return next }
    branches.append(Branch())
    branches[position][keyPath: way] = branches.count - 1
    return branches.count - 1
  }

  /// The routes of a path by method, and what their captures take; nil where there is no such path. A literal goes
  /// before a capture.
  func find(_ path: [String]) -> (routes: [Route.Method: Route], captures: [String])? {
    var position = 0
    var captures: [String] = []
    for (index, segment) in path.enumerated() {
      let branch = branches[position]
      if let next = branch.literals[segment] {
        position = next
      } else if let next = branch.capture {
        captures.append(segment)
        position = next
      } else {
        guard !branch.rest.isEmpty else { return nil }
        return (branch.rest, captures + [path[index...].joined(separator: "/")])
      }
    }
    let routes = branches[position].routes
    return routes.isEmpty ? nil : (routes, captures)
  }
}
