import CCurl

/// libcurl, set up once in the process (curl_global_init(3)).
enum CurlLibrary {
  private static let setUp: CURLcode = curl_global_init(Int(CURL_GLOBAL_ALL))

  /// Sets libcurl up at the first call; safe from any thread.
  static func prepare() throws {
    if setUp != CURLE_OK { throw WebProblem.library("curl_global_init", String(cString: curl_easy_strerror(setUp))) }
  }
}
