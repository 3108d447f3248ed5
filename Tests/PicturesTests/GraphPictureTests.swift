import Pictures
import Testing

struct GraphPictureTests {
  @Test func stub() throws {
    let svg = try GraphPicture.render(dot: "graph { a -- b }", format: .svg)
    #expect(String(decoding: svg, as: UTF8.self).contains("<svg"))
  }
}
