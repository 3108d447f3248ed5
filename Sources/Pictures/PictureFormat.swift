/// What a picture is written as.
public enum PictureFormat: String, Hashable, Sendable, CaseIterable {
  /// Scalable Vector Graphics 1.1, UTF-8; its labels are text that can be searched and copied.
  case svg
  /// Portable Network Graphics (RFC 2083).
  case png
}
