import CNetlink
import Glibc
import Quantities

extension NetlinkBatch {
  /// Adds a route to the main table.
  ///
  /// - Parameters:
  ///   - gateway: nil for a destination on the link itself, whose index must be given then.
  ///   - metric: the preference, smaller first; nil is the kernel's (0 for IPv4, 1024 for IPv6).
  public mutating func addRoute(
    to destination: IPPrefix, via gateway: IPAddress?, link: UInt32? = nil, metric: UInt32? = nil,
    tolerating: Tolerance = []
  ) throws(SystemError) {
    try change("add route", destination, gateway, link, metric, RTM_NEWROUTE, Self.create, tolerating)
  }

  /// Removes a route from the main table; what is nil is not compared.
  public mutating func deleteRoute(
    to destination: IPPrefix, via gateway: IPAddress? = nil, link: UInt32? = nil, metric: UInt32? = nil,
    tolerating: Tolerance = []
  ) throws(SystemError) {
    try change("delete route", destination, gateway, link, metric, RTM_DELROUTE, 0, tolerating)
  }

  private mutating func change(
    _ operation: String, _ destination: IPPrefix, _ gateway: IPAddress?, _ link: UInt32?, _ metric: UInt32?,
    _ type: Int, _ flags: Int32, _ tolerating: Tolerance
  ) throws(SystemError) {
    let object = "\(destination)\(gateway.map { " via \($0)" } ?? "")"
    guard destination.isPossible, gateway == nil || gateway?.addressFamily == destination.address.addressFamily else {
      throw SystemError(operation: operation, object: object, errno: EINVAL)
    }
    let isDeletion = type == RTM_DELROUTE
    try add(operation, object, type: type, flags: flags, tolerating: tolerating) { message in
      var header = rtmsg()
      header.rtm_family = destination.address.addressFamily
      header.rtm_dst_len = UInt8(destination.length)
      header.rtm_table = UInt8(RT_TABLE_MAIN.rawValue)
      header.rtm_protocol = isDeletion ? 0 : Self.mark
      header.rtm_type = isDeletion ? 0 : UInt8(RTN_UNICAST)
      header.rtm_scope = Self.scope(isDeletion: isDeletion, hasGateway: gateway != nil)
      message.append(header)
      if destination.length > 0 { message.put(RTA_DST.rawValue, bytes: destination.network.wireOctets) }
      if let gateway { message.put(RTA_GATEWAY.rawValue, bytes: gateway.wireOctets) }
      if let link { message.put(RTA_OIF.rawValue, link) }
      if let metric { message.put(RTA_PRIORITY.rawValue, metric) }
    }
  }

  /// `rtm_scope` as `ip-route(8)` sets it; a deletion matches any.
  private static func scope(isDeletion: Bool, hasGateway: Bool) -> UInt8 {
    if isDeletion { return UInt8(RT_SCOPE_NOWHERE.rawValue) }
    return UInt8(hasGateway ? RT_SCOPE_UNIVERSE.rawValue : RT_SCOPE_LINK.rawValue)
  }
}
