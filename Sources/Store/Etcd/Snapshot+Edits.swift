extension Snapshot {
  /// Does what an edit does to etcd. Throws `Problem` `state-damaged`.
  mutating func apply(_ edit: EtcdEdit, _ keys: EtcdKeys) throws {
    if let parts = keys.parts(edit.key) {
      if let value = edit.value {
        put(parts.collection, try EtcdValue.document(parts.key, value))
      } else {
        remove(parts.collection, String(decoding: parts.key, as: UTF8.self))
      }
    } else if edit.key.starts(with: keys.counters) {
      let name = Array(edit.key[keys.counters.count...])
      guard let value = edit.value else { return removeCounter(name) }
      guard let number = Int64(String(decoding: value, as: UTF8.self)) else {
        throw EtcdProblem.damaged(String(decoding: edit.key, as: UTF8.self))
      }
      set(name, number)
    }
  }
}
