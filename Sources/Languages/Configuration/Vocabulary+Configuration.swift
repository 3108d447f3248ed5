/// Of the service's configuration.
extension Vocabulary {
  static let service = operating(
    "",
    optional: [
      "name", "url", "listen", "socket", "state", "store", "tls", "trust", "revocation-lists", "access", "projects",
      "agents", "limits", "notify", "logging", "local-agent",
    ])
  static let listen = operating("listen", required: ["address", "port"])
  static let socket = operating("socket", optional: ["path", "mode"])
  static let store = operating("store", optional: ["sqlite", "etcd"])
  static let sqlite = operating("sqlite")
  static let etcd = operating("etcd", required: ["endpoints"], optional: ["ca", "certificate", "key", "prefix"])
  static let tls = operating("tls", optional: ["names", "certificate", "key"])
  static let accessRules = operating(
    "accessRules", optional: ["local-users", "anonymous", "users", "groups", "certificates"])
  static let certificateRule = operating(
    "certificateRule", required: ["subject", "user"], optional: ["issuer", "groups"])
  static let project = operating("project", optional: ["users", "groups", "quota"])
  static let quota = operating(
    "quota", optional: ["infrastructures", "nodes", "cpu", "memory", "storage", "rate", "vlans", "lease", "offers"])
  static let agents = operating("agents", optional: ["poll", "lost-after", "fence-after"])
  static let limits = operating("limits", optional: ["connections", "body", "requests-per-second"])
  static let notify = operating("notify", optional: ["webhook", "mail", "before-lease-end"])
  static let mail = operating("mail", required: ["server", "from"])
  static let logging = operating("logging", optional: ["format", "level"])

  static let serviceFile = [
    service, listen, socket, store, sqlite, etcd, tls, accessRules, certificateRule, project, quota, agents, limits,
    notify, mail, logging,
  ]
}

/// Of the agent's.
extension Vocabulary {
  static let agent = operating(
    "", optional: ["controllers", "name", "token-file", "ca", "trunk", "state", "logging"])

  static let agentFile = [agent, logging]

  private static func operating(
    _ definition: String, required: [String] = [], optional: [String] = []
  ) -> Vocabulary {
    var vocabulary = Vocabulary(definition, required: required, optional: optional)
    vocabulary.reference = "docs/operating.md"
    return vocabulary
  }
}
