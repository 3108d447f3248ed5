import FoundationEssentials

/// The documents of etcd's JSON gateway that we use (etcd 3.4, rpc.proto): 64-bit numbers are texts, keys and values
/// base64.
///
/// What we send has the names of proto3's JSON (`rangeEnd`); what etcd answers has those of rpc.proto (`mod_revision`).
enum Etcd {
  /// What stands at the head of every answer.
  struct Header: Decodable {
    var clusterID: String?
    var revision: String?

    enum CodingKeys: String, CodingKey {
      case clusterID = "cluster_id"
      case revision
    }
  }

  struct KeyValue: Decodable {
    var key: Data
    var createRevision: String?
    var modRevision: String?
    var value: Data?
    var lease: String?

    enum CodingKeys: String, CodingKey {
      case key
      case createRevision = "create_revision"
      case modRevision = "mod_revision"
      case value
      case lease
    }

    var bytes: [UInt8] { value.map { [UInt8]($0) } ?? [] }
    var text: String { String(decoding: value ?? Data(), as: UTF8.self) }
    var created: Int64 { Etcd.number(createRevision) }
    var modified: Int64 { Etcd.number(modRevision) }
  }

  struct Range: Encodable {
    var key: Data
    var rangeEnd: Data?
    var limit: String?
    var revision: String?
    var minModRevision: String?
    var keysOnly: Bool?

    init(_ key: [UInt8], end: [UInt8]? = nil, limit: Int? = nil, revision: Int64? = nil, since: Int64? = nil) {
      self.key = Data(key)
      rangeEnd = end.map { Data($0) }
      self.limit = limit.map(String.init)
      self.revision = revision.map { String($0) }
      minModRevision = since.map { String($0) }
    }
  }

  struct RangeAnswer: EtcdAnswer {
    var header: Header?
    var kvs: [KeyValue]?
    var more: Bool?
    var count: String?
  }

  /// An answer to a range of which only the keys count.
  struct KeyList: EtcdAnswer {
    struct Key: Decodable {
      var key: Data
    }
    var header: Header?
    var kvs: [Key]?
  }

  /// A comparison; exactly one of the values is set.
  struct Compare: Encodable {
    var key: Data
    var target: String
    var createRevision: String?
    var modRevision: String?
    var value: Data?

    /// The key was made in that revision; 0: it is not there.
    static func created(_ key: [UInt8], _ revision: Int64) -> Compare {
      Compare(key: Data(key), target: "CREATE", createRevision: String(revision))
    }

    /// The key was changed last in that revision; 0: it is not there.
    static func modified(_ key: [UInt8], _ revision: Int64) -> Compare {
      Compare(key: Data(key), target: "MOD", modRevision: String(revision))
    }

    static func value(_ key: [UInt8], _ value: [UInt8]) -> Compare {
      Compare(key: Data(key), target: "VALUE", value: Data(value))
    }
  }

  struct Put: Encodable {
    var key: Data
    var value: Data
    var lease: String?
  }

  struct Delete: Encodable {
    var key: Data
    var rangeEnd: Data?
  }

  /// One operation of a transaction; exactly one is set.
  struct Operation: Encodable {
    var requestPut: Put?
    var requestDeleteRange: Delete?
    var requestRange: Range?

    static func put(_ key: [UInt8], _ value: [UInt8], lease: String? = nil) -> Operation {
      Operation(requestPut: Put(key: Data(key), value: Data(value), lease: lease))
    }

    static func delete(_ key: [UInt8], end: [UInt8]? = nil) -> Operation {
      Operation(requestDeleteRange: Delete(key: Data(key), rangeEnd: end.map { Data($0) }))
    }

    static func range(_ key: [UInt8]) -> Operation { Operation(requestRange: Range(key)) }
  }

  struct Transaction: Encodable {
    var compare: [Compare]
    var success: [Operation]
    var failure: [Operation]
  }

  struct TransactionAnswer: EtcdAnswer {
    struct Response: Decodable {
      var range: RangeAnswer?

      enum CodingKeys: String, CodingKey { case range = "response_range" }
    }
    var header: Header?
    var succeeded: Bool?
    var responses: [Response]?

    /// The first key-value of the numbered range response.
    func found(_ index: Int) -> KeyValue? {
      guard let responses, index < responses.count else { return nil }
      return responses[index].range?.kvs?.first
    }
  }

  /// Answers of leases; a keep-alive wraps one into `result`.
  struct Lease: EtcdAnswer {
    var header: Header?
    var id: String?
    var ttl: String?

    enum CodingKeys: String, CodingKey {
      case header
      case id = "ID"
      case ttl = "TTL"
    }
  }

  struct KeptAlive: EtcdAnswer {
    var result: Lease?
    var header: Header? { result?.header }
  }

  struct LeaseRequest: Encodable {
    var id: String?
    var ttl: String?

    enum CodingKeys: String, CodingKey {
      case id = "ID"
      case ttl = "TTL"
    }
  }

  /// An answer of which only the head counts.
  struct Plain: EtcdAnswer {
    var header: Header?
  }

  struct Compaction: Encodable {
    var revision: String
  }

  struct Watch: Encodable {
    struct Create: Encodable {
      var key: Data
    }
    var createRequest: Create
  }

  /// How the gateway says no (grpc-gateway, `code` as in google.rpc.Code).
  struct Refusal: Decodable {
    var error: String?
    var message: String?
    var code: Int?
  }

  static func number(_ text: String?) -> Int64 { text.flatMap { Int64($0) } ?? 0 }
}

/// What every answer of etcd has.
protocol EtcdAnswer: Decodable {
  var header: Etcd.Header? { get }
}

extension EtcdAnswer {
  /// Revision of the key space that the answer speaks of.
  var revision: Int64 { Etcd.number(header?.revision) }
}
