import Foundation
import Quantities

/// A point on the Earth, in degrees.
struct GeographicPosition: Hashable, Sendable {
  /// North is positive, `-90 ... 90`.
  let latitude: Double
  /// East is positive, `-180 ... 180`.
  let longitude: Double

  /// Throws `out-of-bounds` where there is no such point.
  init(latitude: Double, longitude: Double, of subject: String, at mark: Mark) throws(Problem) {
    guard (-90...90).contains(latitude), (-180...180).contains(longitude) else {
      throw mark.problem(
        "out-of-bounds", "\(subject) is at latitude \(latitude) and longitude \(longitude), which is not on the Earth.",
        remedy: "Give degrees, latitude -90 to 90 and longitude -180 to 180, or leave the position out.")
    }
    self.latitude = latitude
    self.longitude = longitude
  }

  /// Along the great circle, in km: the haversine formula on a sphere of the Earth's mean radius, within 0.6 %.
  func kilometres(to other: GeographicPosition) -> Double {
    let radians = Double.pi / 180
    let (phi, otherPhi) = (latitude * radians, other.latitude * radians)
    let across = sin((otherPhi - phi) / 2)
    let along = sin((other.longitude - longitude) * radians / 2)
    let haversine = across * across + cos(phi) * cos(otherPhi) * along * along
    return 2 * 6371.0088 * asin(min(1, haversine.squareRoot()))
  }
}
