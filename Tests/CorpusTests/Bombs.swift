/// Texts that are cheap to write and dear to read.
enum Bombs {
  static var all: [String] { deep + wide + aliases + numbers }

  /// Nested far deeper than any document, in each language, also where a value of a document stands.
  private static var deep: [String] {
    let depth = 100_000
    func nest(_ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }
    return [
      "W" + nest("[", "]"), "W" + nest("{\"a\":", "}"), "W" + String(repeating: "[", count: depth), nest("[", "]"),
      nest("{a: ", "}"), String(repeating: "- ", count: depth), nest("<a>", "</a>"),
      "[{\"cables\":" + nest("[", "]") + "}]", "{\"nodes\":" + nest("[", "]") + "}", "W" + nest("{\"x\":[", "]}"),
    ]
  }

  private static var wide: [String] {
    [
      "W[" + Array(repeating: "0", count: 100_000).joined(separator: ",") + "]",
      "/?" + Array(repeating: "a=%41", count: 10_000).joined(separator: "&"),
      "/" + Array(repeating: "a", count: 10_000).joined(separator: "/"),
      "data: " + String(repeating: "a", count: 100_000) + "\n\n",
      "name: " + String(repeating: "a", count: 1_000_000),
    ]
  }

  /// The billion laughs, in YAML and in XML.
  private static var aliases: [String] {
    let yaml = (1...30).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]" }
    let xml = (1...30).map { "<!ENTITY a\($0) \"\(String(repeating: "&a\($0 - 1);", count: 9))\">" }
    return [
      "a0: &a0 lol\n" + yaml.joined(separator: "\n"), "a: &a [*a]", "a: &a {<<: *a}",
      "<!DOCTYPE r [<!ENTITY a0 \"lol\">\(xml.joined())]><r>&a30;</r>",
      "name: ${LOOP}${LOOP}",
    ]
  }

  private static var numbers: [String] {
    let digits = String(repeating: "9", count: 100_000)
    let numbers = [digits, "-" + digits, "1e" + digits, "0." + digits, "1e999999999", "-0", "9223372036854775808"]
    return numbers.flatMap { ["W\($0)", "W[\($0)]", "E{\"set\":{\"object\":\($0)}}", "/?n=\($0)", "cpu: \($0)"] }
  }
}
