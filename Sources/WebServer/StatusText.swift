import CMicroHTTPD

/// What a status is called (RFC 9110, section 15).
enum StatusText {
  static func of(_ status: Int) -> String {
    guard let text = MHD_get_reason_phrase_for(UInt32(clamping: status)) else { return "Unknown" }
    return String(cString: text)
  }
}
