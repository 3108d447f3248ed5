import Identity
import Quantities
import Testing

@Suite struct DistinguishedNameTests {
  /// Text forms of RFC 4514 section 4 and others, with what they are written as again.
  @Test(arguments: [
    ("UID=jsmith,DC=example,DC=net", "UID=jsmith,DC=example,DC=net"),
    ("OU=Sales+CN=J.  Smith,DC=example,DC=net", "CN=J.  Smith+OU=Sales,DC=example,DC=net"),
    (#"CN=James \"Jim\" Smith\, III,DC=example"#, #"CN=James \"Jim\" Smith\, III,DC=example"#),
    (#"CN=Before\0dAfter,DC=net"#, #"CN=Before\0dAfter,DC=net"#),
    ("1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=#04024869"),
    (#"CN=Lu\C4\8Di\C4\87"#, "CN=Lučić"), ("cn = a , o=b", "CN=a,O=b"), (#"CN=\ a\ "#, #"CN=\ a\ "#),
    (##"CN=\#1\+1\=2\<\>\;\\"##, ##"CN=\#1\+1\=2\<\>\;\\"##), (#"CN=a\2ab"#, #"CN=a\*b"#), ("CN=", "CN="), ("", ""),
    ("2.5.4.3=x", "CN=x"), ("E=a@b", "emailAddress=a@b"),
  ])
  func readsAndWrites(_ text: String, _ canonical: String) throws {
    let name = try DistinguishedName(parsing: text)
    #expect(name.description == canonical)
    #expect(try DistinguishedName(parsing: canonical) == name)
  }

  @Test(arguments: [
    "CN", "CN=a,", "=a", "CN=a,,O=b", "CN=a;O=b", "CN=\"a\"", #"CN=a\"#, #"CN=\zz"#, #"CN=\4"#, #"CN=a\00b"#, "CN=a\0b",
    #"CN=\C4"#, "CN=#0", "CN=#xx", "CN=a*b", "*", "**", "CN=a+", "C N=a", "CN=#04 x",
    "CN=" + String(repeating: "a", count: 5000),
  ])
  func refuses(_ text: String) {
    let problem = #expect(throws: Problem.self) { try DistinguishedName(parsing: text) }
    #expect(problem?.code == "bad-distinguished-name")
  }

  @Test(arguments: [
    ("CN=*,O=Lab,C=FR", "CN=anna,O=Lab,C=FR", true), ("CN=*,O=Lab,C=FR", "CN=anna,OU=x,O=Lab,C=FR", false),
    ("CN=*,**,C=FR", "CN=anna,OU=x,O=Lab,C=FR", true), ("CN=*,*,*,C=FR", "CN=anna,OU=x,O=Lab,C=FR", true),
    ("CN=*,*,C=FR", "CN=anna,OU=x,O=Lab,C=FR", false), ("**", "", true), ("CN=a,**", "CN=a", true),
    ("CN=an*na,O=b", "CN=anna,O=b", true), ("CN=a*n*a", "CN=an", false), ("CN=a", "CN=A", false),
    ("cn=a", "CN=a", true), (#"CN=\*"#, #"CN=\*"#, true), (#"CN=\*"#, "CN=x", false),
    // A value that holds what looks like further parts is one value.
    ("CN=*,O=Lab", #"CN=x\,O=Lab"#, false), ("CN=x,O=Lab", #"CN=x\,O\=Lab"#, false),
    ("CN=é", #"CN=e\CC\81"#, false), ("OU=b+CN=a*", "CN=ax+OU=b", true), ("CN=a*", "CN=ax+OU=b", false),
    ("CN=#04*", "CN=\\#04aa", false), ("CN=*", "CN=#0402", false),
  ])
  func patterns(_ pattern: String, _ text: String, _ fits: Bool) throws {
    if pattern == "CN=#04*" {
      #expect(throws: Problem.self) { try NamePattern(parsing: pattern) }
      return
    }
    #expect(try NamePattern(parsing: pattern).matches(DistinguishedName(parsing: text)) == fits)
  }

  @Test func manyStarsAreQuick() throws {
    let pattern = try NamePattern(parsing: "CN=" + String(repeating: "a*", count: 1500) + "b")
    let name = DistinguishedName(parts: [[.init(type: "CN", value: String(repeating: "a", count: 3000))]])
    let clock = ContinuousClock()
    let time = clock.measure { #expect(!pattern.matches(name)) }
    #expect(time < .seconds(60))
  }

  @Test func randomNamesComeBack() throws {
    var random = SystemRandomNumberGenerator()
    let alphabet: [Unicode.Scalar] = Array(" ,+\"\\<>;=*#aZ0é漢🦊\u{7}\u{301}\n\r".unicodeScalars)
    for _ in 0..<2000 {
      let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (0..<Int.random(in: 1...2, using: &random)).map { index in
          var value = String.UnicodeScalarView()
          for _ in 0..<Int.random(in: 0...6, using: &random) {
            value.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
          }
          return DistinguishedName.Attribute(type: ["CN", "O"][index], value: String(value))
        }
      }
      let name = DistinguishedName(parts: parts)
      #expect(try DistinguishedName(parsing: name.description) == name, "\(name)")
      #expect(try NamePattern(parsing: name.description).matches(name))
    }
  }

  /// Whatever stands there is a name that comes back, or a problem with its code.
  @Test func heapsOfPunctuation() throws {
    let alphabet = Array("CN=,+\\#*\"0aé; <")
    for _ in 0..<20_000 {
      let text = String((0..<Int.random(in: 0...12)).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
      if let fault = problem({ _ = try DistinguishedName(parsing: text) }) {
        #expect(fault.code == "bad-distinguished-name")
      } else {
        let name = try DistinguishedName(parsing: text)
        #expect(try DistinguishedName(parsing: name.description) == name, "\(text)")
      }
      _ = problem { _ = try NamePattern(parsing: text).matches(DistinguishedName(parts: [])) }
    }
  }
}
