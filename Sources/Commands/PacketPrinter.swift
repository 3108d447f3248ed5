import Capture
import CommandLine
import Quantities

/// Packets for a person, or for a program, a line each.
struct PacketPrinter {
  var format: OutputFormat
  var labels: [String]

  /// Throws `bad-format` for formats in which a line cannot stand for itself.
  init(format: OutputFormat, labels: [String]) throws(Problem) {
    guard format == .table || format == .json else {
      throw Problem(
        .invalid, "bad-format", "Packets are not written as \(format.rawValue).",
        remedy: "Use '-f json' for an object a line, or none.")
    }
    self.format = format
    self.labels = labels
  }

  func text(_ packets: [CapturedPacket]) -> String {
    packets.map { format == .json ? json($0) : PacketLine.text($0, label: labels[$0.point]) + "\n" }.joined()
  }

  private func json(_ packet: CapturedPacket) -> String {
    let summary = FrameSummary(packet.bytes)
    let record = Record([
      .init("time", nil, .string(PacketLine.moment(packet.time))),
      .init("interface", nil, .string(labels[packet.point])),
      .init("length", nil, .int(packet.length)),
      .init("source_mac", nil, Cell(summary.sourceMAC?.description)),
      .init("destination_mac", nil, Cell(summary.destinationMAC?.description)),
      .init("vlans", nil, .list(summary.vlans.map { .int(Int($0)) })),
      .init("protocol", nil, .string(summary.kind)),
      .init("source", nil, Cell(summary.source?.description)),
      .init("destination", nil, Cell(summary.destination?.description)),
      .init("source_port", nil, Cell(summary.sourcePort.map(Int.init))),
      .init("destination_port", nil, Cell(summary.destinationPort.map(Int.init))),
      .init("detail", nil, .string(summary.detail)),
    ])
    // The writer breaks lines between values only: within a text they are escaped.
    let lines = Renderer(format: .json, style: .plain).text(record).split(separator: "\n")
    return lines.map { $0.drop { $0 == " " } }.joined() + "\n"
  }
}
