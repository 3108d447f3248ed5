import Glibc
import Linux

/// A service for the tests of `ServiceManager`: prints what it was given, tells the manager what its arguments say.
private func run() throws(SystemError) {
  for argument in CommandLine.arguments.dropFirst() {
    switch argument {
    case "listeners":
      for listener in try ServiceManager.listeners() {
        let isClosed = fcntl(listener.descriptor, F_GETFD) & FD_CLOEXEC != 0
        print(listener.descriptor, listener.name, listener.isLocal ? "local" : "remote", isClosed ? "cloexec" : "kept")
      }
      print("then \(try ServiceManager.listeners().count), LISTEN_FDS", getenv("LISTEN_FDS") == nil ? "unset" : "set")
    case "watchdog": print("watchdog \(try ServiceManager().watchdogInterval.map { "\($0)" } ?? "none")")
    case "alive": try ServiceManager().alive()
    case "reloading": try ServiceManager().reloading()
    case "stopping": try ServiceManager().stopping()
    case let text where text.hasPrefix("ready:"): try ServiceManager().ready(status: String(text.dropFirst(6)))
    default: try ServiceManager().status(argument)
    }
  }
}

do {
  try run()
} catch {
  print("error: \(error)")
  exit(1)
}
