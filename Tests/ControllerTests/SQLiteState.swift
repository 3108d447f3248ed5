import Store

@testable import Controller

/// What a state directory holds.
enum SQLiteState {
  static func read(_ folder: String) throws -> CloudState {
    let store = try SQLiteStore(path: folder + "/state.db")
    return try store.read { try CloudState(from: $0, defaultSubstrate: ThisMachine.substrate) }
  }
}
