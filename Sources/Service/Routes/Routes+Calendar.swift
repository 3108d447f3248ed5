import API
import Controller
import Identity
import Infrastructure
import Pictures
import Quantities
import WebServer

/// What is reserved when.
extension AllRoutes {
  static let calendar: [Route] = [
    Route(
      .get, "/v1/calendar", "readCalendar", tag: "calendar",
      "What is reserved when, by resource and time; without a choice processors and core links.",
      .who(may: .readCalendar, to: .cloud), parameters: choice + [.limit, .after],
      answers: [.json("BookingDocumentPage", "A page of it.")]
    ) { call in
      let substrate = call.view.substrate
      let rows = try call.bookings().map { BookingDocument($0, on: substrate) }
      return .now(try Response(call.page(byPosition: rows)))
    },
    Route(
      .get, "/v1/calendar.svg", "drawCalendar", tag: "calendar", "The same as a Gantt chart.",
      .who(may: .readCalendar, to: .cloud), parameters: choice,
      answers: [.text("image/svg+xml", "The chart.")], problems: [400]
    ) { call in
      let rows = try call.bookings()
      let until = try call.moment("until")?.time
      return call.work {
        let chart = CalendarPicture.chart(rows, on: call.view.substrate, now: call.now, until: until)
        return Response(
          status: 200, headers: [("Content-Type", "image/svg+xml")], body: try chart.render(format: .svg))
      }
    },
  ]

  private static let choice: [RouteParameter] = [
    .query("resource", .text, "Only this: `host/NAME`, `site/NAME` or `link/SITE-SITE`."),
    .query("from", .moment, "Leave out what ends before."), .query("until", .moment, "Leave out what starts after."),
  ]
}

extension Call {
  /// The bookings that the query wants; of others' infrastructures no more is told than that they hold it.
  fileprivate func bookings() throws -> [CalendarRow] {
    let choice = try CalendarChoice(request.parameter("resource"), on: view.substrate)
    let from = try moment("from")?.time ?? Timestamp(seconds: .min)
    let until = try moment("until")?.time ?? .distantFuture
    guard from < until else {
      throw Problem(.invalid, "times-order", "'from' is not before 'until'.", remedy: "Swap them.")
    }
    return view.bookings { resource, _ in choice.contains(resource) }.filter {
      $0.interval.upperBound > from && $0.interval.lowerBound < until
    }.map(veiled)
  }

  /// The row, under a name that says nothing where its holder is hidden from the caller.
  private func veiled(_ row: CalendarRow) -> CalendarRow {
    let isSeen = row.isOffer ? seesOffer(row) : view.record(row.holder).map { sees(Target($0)) } ?? false
    guard !isSeen else { return row }
    var row = row
    row.holder = Self.somebody
    return row
  }

  private func seesOffer(_ row: CalendarRow) -> Bool {
    view.offers.contains {
      $0.offer.request.name == row.holder && $0.caller.user == row.offeredTo && sees(Target($0))
    }
  }

  private static let somebody: Name = Name("somebody") ?? { preconditionFailure("'somebody' is a name") }()
}

/// Which resources somebody wants to see.
struct CalendarChoice: Sendable {
  private var hosts: Set<Int> = []
  private var links: Set<Int> = []
  private var sites: Set<Int> = []
  private let isEverything: Bool

  /// - Parameter text: `host/NAME`, `site/NAME`, `link/SITE-SITE`; nil is processors and core links. Throws
  ///   `unknown-resource`.
  init(_ text: String?, on substrate: Substrate) throws(Problem) {
    isEverything = text == nil
    guard let text else { return }
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    switch parts.count == 2 ? parts[0] : "" {
    case "host": hosts = Set(substrate.hosts.indices.filter { substrate.hosts[$0].name.description == parts[1] })
    case "link":
      links = Set(
        substrate.links.indices.filter {
          let ends = substrate.links[$0].ends
          return parts[1] == "\(ends.first)-\(ends.second)" || parts[1] == "\(ends.second)-\(ends.first)"
        })
    case "site":
      sites = Set(substrate.sites.indices.filter { substrate.sites[$0].name.description == parts[1] })
      hosts = Set(substrate.hosts.indices.filter { substrate.hosts[$0].site.description == parts[1] })
      links = Set(
        substrate.links.indices.filter {
          [substrate.links[$0].ends.first.description, substrate.links[$0].ends.second.description].contains(parts[1])
        })
    default: break
    }
    guard !hosts.isEmpty || !links.isEmpty || !sites.isEmpty else {
      throw Problem(
        .notFound, "unknown-resource", "There is no '\(text.excerpt)' in the substrate.",
        remedy: "Write host/NAME, site/NAME or link/SITE-SITE.")
    }
  }

  func contains(_ resource: Resource) -> Bool {
    switch resource {
    case .cpu(let host): isEverything || hosts.contains(host)
    case .memory(let host), .storage(let host), .slots(let host), .uplink(let host, _): hosts.contains(host)
    case .tenancy: false
    case .link(let link, _): isEverything || links.contains(link)
    case .vlans(let site): sites.contains(site)
    }
  }
}

/// The calendar as a Gantt chart: a row for each resource, a bar for each booking.
enum CalendarPicture {
  static func chart(
    _ bookings: [CalendarRow], on substrate: Substrate, now: Timestamp, until: Timestamp?
  ) -> GanttChart {
    var rows: [GanttChart.Row] = []
    for booking in bookings {
      let label = substrate.name(of: booking.resource)
      let amount = Substrate.text(booking.amount, of: booking.resource)
      let bar = GanttChart.Bar(
        "\(booking.holder) \(amount)\(booking.isOffer ? " (offered)" : "")", from: booking.interval.lowerBound,
        to: booking.interval.upperBound, owner: booking.holder.description)
      if rows.last?.label == label {
        rows[rows.count - 1].bars.append(bar)
      } else {
        rows.append(.init(label, bars: [bar]))
      }
    }
    let start = bookings.map(\.interval.lowerBound).min() ?? now
    let window = until.flatMap { $0 == .distantFuture ? nil : min(start, now)..<max($0, now + .seconds(60)) }
    return GanttChart(title: "Calendar of \(substrate.name)", rows: rows, window: window, now: now)
  }
}
