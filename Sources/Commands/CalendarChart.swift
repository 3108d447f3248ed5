import API
import Infrastructure
import Pictures
import Quantities

/// The calendar as a Gantt chart: a row for each resource, a bar for each booking.
enum CalendarChart {
  /// - Parameter bookings: By resource.
  static func chart(
    of bookings: [BookingDocument], on substrate: Name, until: Timestamp?, now: Timestamp
  ) -> GanttChart {
    var rows: [GanttChart.Row] = []
    for booking in bookings {
      let bar = GanttChart.Bar(
        "\(booking.holder) \(booking.amount)\(booking.isOffer ? " (offered)" : "")", from: booking.start,
        to: booking.end ?? .distantFuture, owner: booking.holder.description)
      if rows.last?.label == booking.resource {
        rows[rows.count - 1].bars.append(bar)
      } else {
        rows.append(.init(booking.resource, bars: [bar]))
      }
    }
    let starts = bookings.map(\.start).min() ?? now
    let window = until.map { min(starts, now)..<max($0, now + .seconds(60)) }
    return GanttChart(title: "Calendar of \(substrate)", rows: rows, window: window, now: now)
  }
}
