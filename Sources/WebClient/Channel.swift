import CCurl
import Linux
import Quantities

/// A transfer with the connections it keeps, run by the calling thread.
///
/// Sendable unchecked: `WebClient` lends it to one thread at a time; only `wake` is called by others, which
/// curl_multi_wakeup(3) allows.
final class Channel: @unchecked Sendable {
  let transfer: Transfer
  private let multi: UnsafeMutableRawPointer

  init() throws {
    transfer = try Transfer()
    guard let multi = curl_multi_init() else { throw WebProblem.library("curl_multi_init", "out of memory") }
    self.multi = multi
  }

  deinit { curl_multi_cleanup(multi) }

  /// Ends a wait in `run`; any thread.
  func wake() { curl_multi_wakeup(multi) }

  /// Runs the prepared transfer to its end, or until no byte has come for `silence`; nil where it was interrupted.
  func run(_ interrupt: Interrupt?, silence: Duration? = nil) throws -> CURLcode? {
    // curl's own limit (CURLOPT_LOW_SPEED_TIME) looks at an average, not at silence.
    let patience = silence.map { UInt64($0.curlMilliseconds) } ?? UInt64(Int32.max)
    let waker = interrupt?.add { [self] in wake() }
    defer { if let waker { interrupt?.remove(waker) } }
    try check(curl_multi_add_handle(multi, transfer.easy))
    defer { curl_multi_remove_handle(multi, transfer.easy) }
    while true {
      if interrupt?.isFired == true { return nil }
      var running: Int32 = 0
      try check(curl_multi_perform(multi, &running))
      if running == 0 { return result() }
      let silent = (Clock.monotonic - transfer.lastByte) / 1_000_000
      if silent >= patience {
        transfer.ownEnd = .silence
        return CURLE_OPERATION_TIMEDOUT
      }
      try check(curl_multi_poll(multi, nil, 0, Int32(clamping: patience - silent), nil))
    }
  }

  private func result() -> CURLcode {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
    }
    return CURLE_FAILED_INIT
  }

  private func check(_ code: CURLMcode) throws {
    if code != CURLM_OK { throw WebProblem.library("curl_multi", String(cString: curl_multi_strerror(code))) }
  }
}
