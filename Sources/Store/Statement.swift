import CSQLite

/// A prepared statement, reused with new values.
final class Statement {
  /// What can be bound to a parameter.
  enum Value {
    case int(Int64)
    case text(String)
  }

  private let pointer: OpaquePointer
  private unowned let connection: Connection

  init(_ pointer: OpaquePointer, _ connection: Connection) {
    self.pointer = pointer
    self.connection = connection
  }

  deinit { sqlite3_finalize(pointer) }

  /// Binds the values, steps to the end and reads each row. The statement is reset afterwards, whatever happens.
  func rows<Row>(_ values: [Value], _ read: (Statement) -> Row) throws -> [Row] {
    // The code of reset repeats that of the failed step, which was thrown already.
    defer { sqlite3_reset(pointer) }
    for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
    var rows: [Row] = []
    while true {
      let code = sqlite3_step(pointer)
      try connection.check(code)
      if code == SQLITE_DONE { return rows }
      rows.append(read(self))
    }
  }

  private func bind(_ value: Value, at index: Int32) throws {
    switch value {
    case .int(let number): try connection.check(sqlite3_bind_int64(pointer, index, number))
    case .text(var text):
      // SQLITE_TRANSIENT, which Swift cannot import: SQLite copies the bytes before the call returns.
      let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      let code = text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text(pointer, index, $0.baseAddress, Int32($0.count), transient)
        }
      }
      try connection.check(code)
    }
  }

  /// A number of the current row; columns count from 0.
  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

  /// A text of the current row; columns count from 0.
  func text(_ column: Int32) -> String {
    guard let bytes = sqlite3_column_text(pointer, column) else { return "" }
    let buffer = UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(pointer, column)))
    return String(decoding: buffer, as: UTF8.self)
  }
}
