import Capture
import Testing

@Suite struct CaptureFormatTests {
  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// draft-ietf-opsawg-pcap, sections 4 and 5.
  @Test func pcap() {
    let format = CaptureFormat(points: 1)
    #expect(format == .pcap)
    #expect(
      hex(format.header(labels: ["a:eth0"], snapLength: 96)) == "4d3cb2a1" + "02000400" + "00000000" + "00000000"
        + "60000000" + "01000000")
    var bytes: [UInt8] = []
    let time: UInt64 = 1_795_262_400_000_000_007
    format.write(CapturedPacket(point: 0, time: time, length: 300, bytes: [1, 2, 3]), to: &bytes)
    #expect(hex(bytes) == "c087016b" + "07000000" + "03000000" + "2c010000" + "010203")
    #expect(format.trailer(dropped: [1], time: time).isEmpty)
  }

  /// draft-ietf-opsawg-pcapng, sections 4.1 to 4.6.
  @Test func pcapng() {
    let format = CaptureFormat(points: 2)
    #expect(format == .pcapng)
    let section =
      "0a0d0d0a" + "30000000" + "4d3c2b1a" + "01000000" + "ffffffffffffffff" + "04000900" + "76697274636c6f7564"
      + "000000" + "00000000" + "30000000"
    let interface =
      "01000000" + "2c000000" + "01000000" + "60000000" + "02000600" + "613a65746830" + "0000" + "09000100"
      + "09000000" + "00000000" + "2c000000"
    #expect(hex(format.header(labels: ["a:eth0"], snapLength: 96)) == section + interface)
    var bytes: [UInt8] = []
    format.write(CapturedPacket(point: 1, time: 0x1_0000_0002, length: 5, bytes: [1, 2, 3, 4, 5]), to: &bytes)
    #expect(
      hex(bytes) == "06000000" + "28000000" + "01000000" + "01000000" + "02000000" + "05000000" + "05000000"
        + "0102030405000000" + "28000000")
    #expect(
      hex(format.trailer(dropped: [3], time: 1)) == "05000000" + "28000000" + "00000000" + "00000000" + "01000000"
        + "05000800" + "0300000000000000" + "00000000" + "28000000")
  }
}
