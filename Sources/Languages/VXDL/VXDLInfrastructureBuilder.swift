import Infrastructure
import Quantities

/// Makes a virtual infrastructure of a description without arrays.
struct VXDLInfrastructureBuilder {
  let document: VXDLDocument
  let events: VXDLTimeline
  var remarks: [String] = []
  var nodes: [Node] = []
  var networks: [Network] = []
  /// Changes by moment.
  var changes: [Duration: TimelineEvent] = [:]
  /// Names of nodes by their ids.
  var names: [String: Name] = [:]
  private var accessPoints: Set<String> = []
  /// Access points, and links that end there, as XML.
  private var noted: (accessPoints: [String], links: [String]) = ([], [])
  private var labels = VXDLLabels()

  init(_ document: VXDLDocument) throws(Problem) {
    self.document = document
    events = try VXDLTimeline(document.timeline)
  }

  mutating func build() throws(Problem) -> (infrastructure: VirtualInfrastructure, remarks: [String]) {
    noteCommon()
    var nodeNames = VXDLNames(document.resources.filter { !$0.isLink }.map(\.id))
    for resource in document.resources { try addNode(resource, &nodeNames) }
    guard !nodes.isEmpty else {
      throw Problem(
        .invalid, "no-nodes", "The description '\(document.common.id.excerpt)' has no nodes.", remedy: "Add a vNode.")
    }
    try addLinks()
    nameInterfaces()
    let timeline = try timeline()
    labels[all: .accessPoint] = noted.accessPoints
    labels[all: .link] = noted.links
    var names = VXDLNames([])
    let infrastructure = VirtualInfrastructure(
      name: names.name(for: document.common.id, else: "infrastructure"), lease: lease, nodes: nodes, networks: networks,
      timeline: timeline, labels: labels.values)
    return (infrastructure, remarks)
  }

  private var lease: Lease {
    Lease(start: document.common.startDate?.time, duration: document.common.totalTime?.duration)
  }

  private mutating func noteCommon() {
    labels[.id] = document.common.id
    labels[.owner] = document.owner
    labels[all: .user] = document.users
    labels[.location] = document.common.location
    labels[.dialect] = document.dialect == .bare ? document.dialect.rawValue : nil
  }

  /// Access points are kept as labels; they are no nodes.
  mutating func keep(_ point: VXDLAccessPoint) {
    let writer = VXDLTreeWriter(dialect: document.dialect)
    accessPoints.insert(point.traits.common.id)
    noted.accessPoints.append(MarkupText.line(writer.resource(.accessPoint(point))))
    remarks.append("vAccessPoint '\(point.traits.common.id.excerpt)' is only noted.")
  }

  private mutating func addLinks() throws(Problem) {
    var links: [VXDLLink] = []
    for case .link(let link) in document.resources {
      let ends = [link.source.id, link.destination.id]
      if let point = ends.first(where: { accessPoints.contains($0) }) {
        noted.links.append(MarkupText.line(VXDLTreeWriter(dialect: document.dialect).resource(.link(link))))
        remarks.append(
          "vLink '\(link.traits.common.id.excerpt)' is left out, for it ends at the vAccessPoint '\(point.excerpt)'.")
      } else {
        links.append(link)
      }
    }
    var names = VXDLNames(links.map(\.traits.common.id))
    for link in links {
      do { try add(link, names.name(for: link.traits.common.id, else: "link")) } catch {
        throw error.about("vLink '\(link.traits.common.id.excerpt)'")
      }
    }
  }

  /// `eth0`, `eth1` … by order of networks, as where a file of VirtCloud's own is silent.
  private mutating func nameInterfaces() {
    var next: [Name: Int] = [:]
    for network in networks.indices {
      for end in networks[network].endpoints.indices {
        let number = next[networks[network].endpoints[end].node, default: 0]
        next[networks[network].endpoints[end].node] = number + 1
        networks[network].endpoints[end].interface = "eth\(number)"
      }
    }
  }

  private mutating func timeline() throws(Problem) -> [TimelineEvent] {
    if !document.timeline.isEmpty { remarks.append("Delays of events are taken for seconds.") }
    for event in document.timeline {
      let delay = try events.delay(of: event.id)
      guard delay == .zero || changes[delay] == nil else { continue }
      remarks.append(
        "Event '\(event.id.excerpt)' is left out, for \(delay == .zero ? "it comes at the start" : "nothing changes").")
    }
    let timeline = changes.values.sorted { $0.after < $1.after }
    labels[all: .event] = timeline.map { events.ids[$0.after] ?? "" }
    return timeline
  }
}

extension Problem {
  /// With a subject before its sentence.
  func about(_ subject: String) -> Problem {
    var problem = self
    problem.message = "\(subject): \(message)"
    return problem
  }
}
