import Quantities
import Testing
import WebServer

/// What a path and a query say, and which nobody may read in two ways.
struct RequestTargetTests {
  private func target(_ text: String) throws -> RequestTarget { try RequestTarget(raw: text.utf8) }

  @Test func `segments are decoded`() throws {
    let cases: [(String, [String])] = [
      ("/", []), ("/v1", ["v1"]), ("/v1/", ["v1"]),
      ("/v1/infrastructures/my%20lab", ["v1", "infrastructures", "my lab"]),
      ("/caf%C3%A9", ["café"]), ("/a+b", ["a+b"]), ("/%2E%2E%2E", ["..."]), ("/a;b=c,d", ["a;b=c,d"]), ("/%3F", ["?"]),
      ("http://host/a/b", ["a", "b"]), ("HTTPS://host:7743/a", ["a"]), ("/%25%32%66", ["%2f"]),
    ]
    for (text, path) in cases { #expect(try target(text).path == path, "\(text)") }
    #expect(try target("/a%20b?c").rawPath == "/a%20b")
    #expect(try target("*").path == [])
  }

  @Test func `queries are decoded in order`() throws {
    let query = try target("/v1?a=1&b=x+y&a=%26%3D&c&&=e&d==").query
    #expect(query.map(\.name) == ["a", "b", "a", "c", "", "d"])
    #expect(query.map(\.value) == ["1", "x y", "&=", "", "e", "="])
    #expect(try target("/v1?").query.isEmpty)
    #expect(try target("/?a=/../%2f").query.first?.value == "/..//")
  }

  @Test(arguments: [
    "", "a", "a/b", "//", "/a//b", "//a", "/.", "/..", "/a/../b", "/a/./b", "/%2e%2e/b", "/%2E.", "/.%2e/", "/%2e",
    "/a%2fb", "/a%2Fb", "/a%00b", "/a%00", "/%0a", "/%7f", "/%", "/%4", "/%zz", "/%+1", "/%ff", "/%c3", "/%c0%af",
    "/%ed%a0%80", "/%f4%90%80%80", "/a b", "/a#b", "/é", "/a\u{0}", "/a\r\nb", "?a", "http:", "http://", "http://host",
    "http:///a", "ftp://host/a", "host:80", "**", "/?a=%", "/?a=%ff", "/?%00", "/?a=%00", "/?a b", "/?#", "://a/b",
  ])
  func `what could be read in two ways is refused`(text: String) {
    #expect { try target(text) } throws: { ($0 as? Problem)?.code == "malformed-target" }
  }

  /// What is accepted is plain, whatever came.
  @Test func `no noise gets through`() {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("/%.?&=+*:2eEfF0aA\u{0}\n \\é#".utf8)
    for _ in 0..<20_000 {
      let noise = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      guard let target = try? RequestTarget(raw: [UInt8(ascii: "/")] + noise) else { continue }
      for segment in target.path {
        let isPlain =
          !segment.isEmpty && segment != "." && segment != ".."
          && !segment.utf8.contains { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "/") }
        #expect(isPlain, "\(noise)")
      }
      #expect(target.query.allSatisfy { !$0.name.utf8.contains(0) && !$0.value.utf8.contains(0) }, "\(noise)")
    }
  }
}
