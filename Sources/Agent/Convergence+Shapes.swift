import Linux
import Planning
import Quantities

extension Convergence {
  /// Makes and changes disciplines and classes; what is queued stays queued.
  func shape(_ difference: Difference, on device: Device) throws {
    var batch = NetlinkBatch()
    for shape in difference.shapes where !shape.isRemoved {
      let link = try device.index(of: shape.interface)
      if let rate = shape.rate {
        if shape.isPlain { try batch.shape(link, to: rate) } else { try batch.shapeLink(link, to: rate) }
      }
      for share in shape.classes { try batch.setClass(share, on: link) }
    }
    try device.commit(batch)
  }

  /// Takes away what nobody uses any more.
  func unshape(_ difference: Difference, on device: Device) throws {
    var batch = NetlinkBatch()
    for shape in difference.shapes {
      guard let link = device.indices[shape.interface] else { continue }
      if shape.isRemoved { try batch.unshape(link, tolerating: .notFound) }
      for id in shape.surplus { try batch.deleteClass(id, on: link, tolerating: .notFound) }
    }
    try device.commit(batch)
  }
}
