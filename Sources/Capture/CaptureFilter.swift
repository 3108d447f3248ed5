import CPcap
import Quantities

/// Filters in libpcap's words (pcap-filter(7)).
public enum CaptureFilter {
  /// Throws `bad-filter` with libpcap's own words where the filter cannot be compiled for Ethernet frames.
  public static func check(_ filter: String, snapLength: Int = CaptureOptions.largestSnapLength) throws(Problem) {
    guard let handle = pcap_open_dead(DLT_EN10MB, Int32(clamping: snapLength)) else {
      throw Problem(
        .failed, "no-memory", "There is no memory to read the filter '\(filter.excerpt)'.", remedy: "Try again.")
    }
    defer { pcap_close(handle) }
    var program = bpf_program()
    defer { pcap_freecode(&program) }
    try compile(filter, for: handle, into: &program)
  }

  /// Lets only what matches through a handle.
  static func apply(_ filter: String, to handle: OpaquePointer, label: String) throws(Problem) {
    var program = bpf_program()
    defer { pcap_freecode(&program) }
    try compile(filter, for: handle, into: &program)
    guard pcap_setfilter(handle, &program) == 0 else {
      throw Problem(
        .failed, "filter-not-set", "The kernel refused the filter at \(label): \(words(of: handle)).",
        remedy: "Try a simpler filter.")
    }
  }

  private static func compile(
    _ filter: String, for handle: OpaquePointer, into program: inout bpf_program
  ) throws(Problem) {
    // C would read no further than a null.
    let isWhole = !filter.utf8.contains(0)
    guard isWhole, pcap_compile(handle, &program, filter, 1, bpf_u_int32.max) == 0 else {
      let reason = isWhole ? words(of: handle) : "it has a null character in it"
      throw Problem(
        .invalid, "bad-filter", "The filter '\(filter.excerpt)' makes no sense: \(reason).",
        remedy: "Write one as in pcap-filter(7), such as 'icmp or (tcp port 80)'.")
    }
  }

  /// libpcap's own words for what went wrong last.
  static func words(of handle: OpaquePointer) -> String {
    guard let text = pcap_geterr(handle) else { return "it does not say why" }
    return String(cString: text)
  }
}
