import API
import CommandLine
import Infrastructure
import Planning
import Quantities

extension Table {
  /// An infrastructure's wires.
  init(_ wires: [WireDocument]) {
    self.init([
      Column("wire"), Column("first"), Column("second"), Column("type"), Column("carried_by", "carried by"),
      Column("identifier"), Column("rate"), Column("reverse_rate", "reverse rate"), Column("delay"), Column("loss"),
      Column("state"),
    ])
    for wire in wires {
      append([
        "\(wire.name)", .string(wire.first), .string(wire.second), "\(wire.type.rawValue)",
        "\(wire.carriedBy.rawValue)", Cell(wire.identifier), .string(wire.rate), .string(wire.reverseRate),
        .string(wire.delay), .string(wire.loss), Cell(wire.state),
      ])
    }
  }

  /// What an infrastructure's networks are promised, may use now, and have used.
  init(rates rows: [RateDocument]) {
    self.init([
      Column("network"), Column("kind"), Column("from"), Column("promised"), Column("allowed"), Column("second"),
      Column("minute"), Column("frames"), Column("dropped"),
    ])
    for row in rows {
      append([
        "\(row.network)", "\(row.kind.rawValue)", .string(row.from), "\(row.promised)",
        Cell(row.allowed?.description ?? "unlimited"), "\(row.lastSecond)", "\(row.lastMinute)",
        .int(Int(clamping: row.frames)), .int(Int(clamping: row.dropped)),
      ])
    }
  }

  /// What was dropped of an infrastructure's frames, where and why.
  init(drops rows: [DropDocument]) {
    self.init([Column("place"), Column("reason"), Column("frames")])
    for row in rows { append([.string(row.place), .string(row.reason), .int(Int(clamping: row.frames))]) }
  }
}
