import Quantities

extension Drawing {
  /// In the format that is asked for. Throws what `png` throws.
  func render(_ format: PictureFormat) throws(Problem) -> [UInt8] {
    switch format {
    case .svg: svg
    case .png: try png()
    }
  }
}
