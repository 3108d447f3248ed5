import Testing

@testable import CommandLine

@Suite struct ProgressTests {
  @Test func plainWritesALineForEachStep() {
    let sink = BufferSink()
    let progress = PlainProgress(console: Console(out: BufferSink(), error: sink))
    progress.begin("Building lab", total: 2)
    progress.advance("host a")
    progress.advance("host b")
    progress.finish()
    #expect(sink.text == "Building lab\n  [1/2] host a\n  [2/2] host b\n")
  }

  @Test func liveRedrawsOneLineAndErasesIt() {
    let sink = BufferSink()
    let style = Style(isColoured: true, width: 40)
    let progress = LiveProgress(console: Console(out: BufferSink(), error: sink, errorStyle: style))
    progress.begin("Building", total: 100)
    for step in 0..<100 { progress.advance("step \(step)") }
    progress.finish()
    progress.finish()
    #expect(!sink.text.contains("\n"))
    #expect(sink.text.hasSuffix("\r\u{1B}[K"))
    #expect(sink.text.split(separator: "\r").count <= 12)
  }

  @Test func theLineFitsTheTerminal() {
    var line = ProgressLine(title: "Building lab", total: 4)
    line.advance("host with a very long name that goes on and on")
    #expect(line.text(elapsed: .milliseconds(1250), width: 30) == "⠹ Building lab █████░░░░░░░░░…")
    #expect(line.text(elapsed: .milliseconds(1250), width: 200).contains("1/4 1.2 s host with"))
  }

  @Test func manyThreadsMayReport() async {
    let sink = BufferSink()
    let progress = PlainProgress(console: Console(out: BufferSink(), error: sink))
    progress.begin("Work", total: 200)
    await withTaskGroup { group in
      for _ in 0..<200 { group.addTask { progress.advance("x") } }
    }
    #expect(sink.text.split(separator: "\n").last == "  [200/200] x")
  }
}
