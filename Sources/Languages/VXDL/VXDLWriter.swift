/// Writes VXDL 2.0: UTF-8, two spaces a level, elements in the order of the schema.
///
/// A document is written in its own dialect, and reading gives an equal document. What the published schema
/// does not have (interfaces) is written as it is; `VXDLDocument.published()` makes tags of it.
public enum VXDLWriter {
  /// The text of a file, which ends with a newline.
  public static func text(_ document: VXDLDocument) -> String {
    let writer = VXDLTreeWriter(dialect: document.dialect)
    var root = writer.infrastructure(document)
    if document.dialect == .published {
      root = MarkupElement("description", [root])
      root.attributes["xmlns"] = VXDLDocument.namespace
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + MarkupText.lines(root)
  }
}
