import API

/// The API's description (OpenAPI 3.1), made of the table of routes and the documents' schemas.
enum OpenAPI {
  static func document(_ routes: [Route], version: String) -> JSON {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "VirtCloud", "version": .text(version),
        "summary": "A logical cloud over a physical grid.",
        "description":
          "Virtual infrastructures: planned, reserved, built, changed and ended. Problems are those of the command line.",
        "license": ["name": "See the source.", "identifier": "LicenseRef-VirtCloud"],
      ],
      "servers": [["url": "/", "description": "Where this was read."]],
      "paths": .object(paths(routes)),
      "components": [
        "schemas": .object(DocumentSchemas.all), "responses": ["Problem": problem, "TooManyRequests": tooManyRequests],
        "securitySchemes": [
          "token": ["type": "http", "scheme": "bearer", "description": "A token of `POST /v1/tokens`."],
          "certificate": ["type": "mutualTLS", "description": "A client certificate that the grid map knows."],
        ],
      ],
      "tags": .array(Set(routes.map(\.tag)).sorted().map { ["name": .text($0)] }),
    ]
  }

  private static let problem: JSON = [
    "description": "What stands in the way, and what can be done about it (RFC 9457).",
    "content": ["application/problem+json": ["schema": .ref("ProblemDocument")]],
  ]

  private static let tooManyRequests: JSON = [
    "description": "There were too many requests of this user, or of this address where nobody is known.",
    "headers": [
      "Retry-After": [
        "schema": ["type": "integer", "minimum": 1], "description": "Seconds to wait (RFC 9110, section 10.2.3).",
      ]
    ],
    "content": ["application/problem+json": ["schema": .ref("ProblemDocument")]],
  ]

  private static func paths(_ routes: [Route]) -> [String: JSON] {
    var paths: [String: JSON] = [:]
    for route in routes {
      let path = route.pattern.text.split(separator: "...").joined()
      var item = paths[path] ?? .object([:])
      item[route.method.rawValue.lowercased()] = operation(route)
      paths[path] = item
    }
    return paths
  }

  private static func operation(_ route: Route) -> JSON {
    var operation: JSON = [
      "operationId": .text(route.id), "summary": .text(route.summary), "tags": [.text(route.tag)],
      "responses": .object(responses(route)),
    ]
    switch route.access {
    case .anybody: operation["security"] = []
    case .who(let action, _):
      operation["security"] = [["token": []], ["certificate": []]]
      operation["x-action"] = .text(action.rawValue)
    }
    let parameters = route.pattern.captures.map { inPath($0, route) } + route.parameters.map(parameter)
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if let body = route.body { operation["requestBody"] = self.body(body) }
    return operation
  }

  private static func inPath(_ name: String, _ route: Route) -> JSON {
    let isName = ["name", "node", "host"].contains(name)
    let schema: JSON =
      isName ? .name : name == "number" ? .count : ["type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9._-]+$"]
    return ["name": .text(name), "in": "path", "required": true, "schema": schema]
  }

  private static func parameter(_ parameter: RouteParameter) -> JSON {
    [
      "name": .text(parameter.name), "in": .text(parameter.place.rawValue), "description": .text(parameter.summary),
      "schema": parameter.schema,
    ]
  }

  private static func body(_ body: RouteBody) -> JSON {
    var content: [String: JSON] = [:]
    for (type, schema) in body.types { content[type] = ["schema": schema] }
    return ["required": .boolean(body.isRequired), "content": .object(content)]
  }

  private static func responses(_ route: Route) -> [String: JSON] {
    var responses: [String: JSON] = [:]
    for answer in route.answers { responses["\(answer.status)"] = self.answer(answer) }
    for status in problems(of: route) where responses["\(status)"] == nil {
      responses["\(status)"] = ["$ref": "#/components/responses/Problem"]
    }
    // Whatever is asked: also what needs no name.
    responses["429"] = ["$ref": "#/components/responses/TooManyRequests"]
    responses["default"] = ["$ref": "#/components/responses/Problem"]
    return responses
  }

  private static func answer(_ answer: RouteAnswer) -> JSON {
    var response: JSON = ["description": .text(answer.summary)]
    if !answer.types.isEmpty {
      var content: [String: JSON] = [:]
      for (type, schema) in answer.types { content[type] = ["schema": schema] }
      response["content"] = .object(content)
    }
    if !answer.headers.isEmpty {
      response["headers"] = .object(answer.headers.mapValues { ["schema": $0] })
    }
    return response
  }

  /// What may stand in the way follows from what a route takes.
  static func problems(of route: Route) -> [Int] {
    var statuses = Set(route.problems)
    if !route.parameters.isEmpty || route.body != nil { statuses.insert(400) }
    if route.body != nil { statuses.formUnion([413, 415]) }
    if case .who = route.access { statuses.formUnion([401, 403]) }
    if !route.pattern.captures.isEmpty { statuses.insert(404) }
    if route.needsLeader { statuses.insert(503) }
    return statuses.sorted()
  }
}
