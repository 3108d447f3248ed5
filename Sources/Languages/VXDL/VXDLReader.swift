import Quantities

/// Reads VXDL 2.0 in both dialects.
///
/// The published schema allows any order and number of elements and any text as an id; the reader enforces
/// what it does not: that ids are unique and ends exist, that there is one value where one is meant, and that
/// numbers and units fit. Ids are unique among what links can join, and among links. Only of access points that
/// nothing refers to may several have the same id.
public enum VXDLReader {
  /// Reads the text of a file.
  ///
  /// - Parameter file: how the file is called in problems' locations.
  /// - Throws: a problem of kind `invalid` whose location is `FILE:LINE:COLUMN`, counted from 1.
  public static func read(text: [UInt8], file: String) throws(Problem) -> VXDLDocument {
    let root = try MarkupTree.load(text, file: file)
    guard ["", VXDLDocument.namespace].contains(root.namespace) else { throw foreign(root) }
    switch root.name {
    case "description":
      let fields = try MarkupFields(root, of: "The description", ["virtualInfrastructure"])
      return try document(fields.required("virtualInfrastructure"), .published)
    case "virtualInfrastructure": return try document(root, .bare)
    default: throw foreign(root)
    }
  }

  private static func foreign(_ root: MarkupElement) -> Problem {
    let space = root.namespace.isEmpty ? "" : " in the namespace '\(root.namespace.excerpt)'"
    return root.mark.problem(
      "not-vxdl", "The file's root element is '\(root.name.excerpt)'\(space), so it is no VXDL 2.0.",
      remedy: "Begin it with <description xmlns=\"\(VXDLDocument.namespace)\"><virtualInfrastructure>.")
  }

  /// Throws what `read` throws, apart from what is wrong with the XML.
  static func document(
    _ element: MarkupElement, _ dialect: VXDLDocument.Dialect
  ) throws(Problem) -> VXDLDocument {
    let fields = try MarkupFields(
      element, of: "The infrastructure",
      VXDLTreeReader.commonNames + ["owner", "user", "timeline"] + VXDLTreeReader.resourceNames,
      attributes: ["id", "owner"])
    var reader = VXDLTreeReader()
    var document = VXDLDocument(dialect: dialect, common: try reader.common(fields))
    document.owner = try fields.attributeOrText("owner")
    document.users = try fields.texts("user")
    document.timeline = try reader.timeline(fields)
    for child in element.children where VXDLTreeReader.resourceNames.contains(child.name) {
      document.resources.append(try reader.resource(child))
    }
    try reader.references.check()
    return document
  }
}
