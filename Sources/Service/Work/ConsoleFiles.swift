import Foundation
import Quantities
import WebServer

/// The files of the web console, read once: a path is a key of a table, and so leads nowhere else.
enum ConsoleFiles {
  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "json": "application/json",
    "webmanifest": "application/manifest+json", "txt": "text/plain; charset=utf-8", "woff2": "font/woff2",
  ]

  /// Nothing from other hosts, nothing inline, in nobody's frame.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    + "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  static let entities: [String: Entity] = {
    guard let folder = Bundle.module.resourceURL?.appendingPathComponent("Console", isDirectory: true) else {
      return [:]
    }
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var entities: [String: Entity] = [:]
    let prefix = folder.standardizedFileURL.path
    while let url = files?.nextObject() as? URL {
      let path = url.standardizedFileURL.path
      // What is no file cannot be read, and is passed over; what we do not know the type of was not meant to be served.
      guard path.hasPrefix(prefix + "/"), let type = types[url.pathExtension.lowercased()],
        let data = try? Data(contentsOf: url)
      else { continue }
      var entity = Entity(type: type, [UInt8](data))
      entity.headers = [("Content-Security-Policy", policy), ("Referrer-Policy", "no-referrer")]
      entities[String(path.dropFirst(prefix.count + 1))] = entity
    }
    return entities
  }()
}

extension Call {
  /// A file of the console by its path there. Throws `no-such-file`.
  func consoleFile(_ path: String) throws(Problem) -> Response {
    guard let entity = ConsoleFiles.entities[path] else { throw Self.missing("file", path) }
    return entity.response(to: request)
  }
}
