import Controller
import Infrastructure
import Pictures
import Quantities

/// The calendar as a Gantt chart: a row for each resource, a bar for each booking.
enum CalendarChart {
  static func chart(of view: CalendarView, until: Timestamp?) -> GanttChart {
    var rows: [GanttChart.Row] = []
    for row in view.rows {
      let label = view.substrate.name(of: row.resource)
      let bar = GanttChart.Bar(
        "\(row.holder) \(Substrate.text(row.amount, of: row.resource))\(row.isOffer ? " (offered)" : "")",
        from: row.interval.lowerBound, to: row.interval.upperBound, owner: row.holder.description)
      if rows.last?.label == label {
        rows[rows.count - 1].bars.append(bar)
      } else {
        rows.append(.init(label, bars: [bar]))
      }
    }
    let starts = view.rows.map(\.interval.lowerBound).min() ?? view.now
    let window = until.map { min(starts, view.now)..<max($0, view.now + .seconds(60)) }
    return GanttChart(title: "Calendar of \(view.substrate.name)", rows: rows, window: window, now: view.now)
  }
}
