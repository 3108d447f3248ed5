import Quantities
import Testing

/// Configurations with one fault each, and what the fault is.
struct BadConfiguration: Sendable, CustomTestStringConvertible {
  var title: String
  var text: String
  var isAgent = false

  var testDescription: String { title }
  var file: String { isAgent ? "agent.yaml" : "service.yaml" }

  /// The reader's answer.
  var answer: Problem? {
    do {
      if isAgent { _ = try readAgent(text) } else { _ = try readService(text) }
      return nil
    } catch {
      return error
    }
  }

  private static func service(_ faults: [(String, String)]) -> [BadConfiguration] {
    faults.map { BadConfiguration(title: $0.0, text: $0.1) }
  }

  static let all = structure + addresses + files + people + numbers + agents

  private static let structure = service([
    ("empty file", "# nothing yet\n"), ("a list", "- listen"), ("unknown key", "lisen: []"),
    ("unknown key inside", "agents: {pol: 3s}"), ("wrong type", "limits: 7"),
    ("a list for a mapping", "store: [sqlite]"),
    ("a mapping for a list", "listen: {address: \"::\", port: 7743}"), ("missing key", "listen: [{port: 7743}]"),
    ("no value", "trust: "), ("unknown word", "logging: {format: xml}"), ("unknown level", "logging: {level: warn}"),
    ("not a flag", "local-agent: maybe"), ("duplicate key", "name: a\nname: b"),
    ("undefined variable", "name: ${HOST}"),
    ("a key of sqlite", "store: {sqlite: {path: /x}}"),
    ("two stores", "store: {sqlite: {}, etcd: {endpoints: [http://e]}}"),
    ("names beside files", "tls: {names: [a], certificate: /a, key: /b}"),
    ("certificate without key", "tls: {certificate: /a.pem}"), ("key without certificate", "tls: {key: /a.pem}"),
    ("nested bomb", "listen: " + String(repeating: "[", count: 80)),
  ])

  private static let addresses = service([
    ("bad address", "listen: [{address: localhost, port: 7743}]"),
    ("port above", "listen: [{address: \"::\", port: 65536}]"),
    ("port as a word", "listen: [{address: \"::\", port: https}]"),
    ("one address twice", "listen:\n- {address: \"::\", port: 1}\n- {address: \"::\", port: 1}"),
    ("URL without scheme", "url: cloud.example.org"), ("URL with a password", "url: https://me:secret@cloud"),
    ("URL with a bad port", "url: https://cloud:0"), ("URL of another scheme", "url: ftp://cloud"),
    ("URL of IPv6 without brackets", "url: https://fd00::1"), ("open bracket", "url: \"https://[fd00::1\""),
    ("no endpoints", "store: {etcd: {endpoints: []}}"),
    ("endpoint without scheme", "store: {etcd: {endpoints: e:2379}}"),
    ("prefix with spaces", "store: {etcd: {endpoints: [http://e], prefix: a b}}"),
    ("bad host", "tls: {names: [a_b]}"), ("webhook", "notify: {webhook: chat}"),
    ("mail server", "notify: {mail: {server: mail.example.org, from: a@b}}"),
    ("mail address", "notify: {mail: {server: smtp://mail, from: me}}"),
  ])

  private static let files = service([
    ("relative path", "state: var/lib"), ("relative file", "trust: [ca.pem]"),
    ("missing file", "trust: [/a.pem, /missing/ca.pem]"),
    ("a folder", "revocation-lists: /etc"), ("missing key file", "tls: {certificate: /a.pem, key: /missing/a.key}"),
    ("missing authority", "store: {etcd: {endpoints: [http://e], ca: /missing/ca}}"),
    ("long socket path", "socket: {path: /\(String(repeating: "x", count: 107))}"),
    ("mode", "socket: {mode: \"0888\"}"),
    ("mode above", "socket: {mode: \"1777\"}"), ("control character", "state: \"/a\\nb\""),
  ])

  private static let people = service([
    ("unknown role", "access: {local-users: admin}"), ("role of a user", "access: {users: {alice: boss}}"),
    ("role of anybody", "access: {anonymous: operator}"), ("bad user", "access: {users: {\"a b\": user}}"),
    ("bad group", "access: {groups: {\"-x\": user}}"),
    ("rule without user", "access: {certificates: [{subject: CN=a}]}"),
    ("rule with a bad subject", "access: {certificates: [{subject: alice, user: alice}]}"),
    ("rule as a word", "access: {certificates: [CN=a]}"), ("project's name", "projects: {Chemistry: {}}"),
    ("project's key", "projects: {lab: {member: [a]}}"), ("project's user", "projects: {lab: {users: [a/b]}}"),
    ("quota of cores", "projects: {lab: {quota: {cpu: many}}}"),
    ("quota of nodes", "projects: {lab: {quota: {nodes: -1}}}"),
    ("quota of time", "projects: {lab: {quota: {lease: 0s}}}"), ("quota's key", "projects: {lab: {quota: {gpus: 2}}}"),
  ])

  private static let numbers = service([
    ("connections", "limits: {connections: 1}"), ("requests", "limits: {requests-per-second: 0}"),
    ("body", "limits: {body: 1GiB}"), ("body without unit", "limits: {body: 8000000}"),
    ("times in disorder", "agents: {poll: 30s, lost-after: 20s}"), ("fence too soon", "agents: {fence-after: 30s}"),
    ("no time", "agents: {poll: 0s}"), ("days", "agents: {fence-after: 2d}"),
    ("notice", "notify: {before-lease-end: [1h, 0s]}"),
  ])

  private static let agents = [
    ("agent's unknown key", "controler: []"), ("controller without TLS", "controllers: [http://cloud:7743]"),
    ("agent's name", "name: Host 1"), ("agent's relative token", "token-file: agent.token"),
    ("agent's missing authority", "ca: /missing/ca.pem"), ("agent's trunk", "trunk: a-very-long-interface"),
    ("agent's slash", "trunk: eth/0"), ("agent's state", "state: ."), ("agent's level", "logging: {level: loud}"),
  ].map { BadConfiguration(title: $0.0, text: $0.1, isAgent: true) }
}
