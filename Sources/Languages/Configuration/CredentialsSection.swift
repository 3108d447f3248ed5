import Quantities

/// `tls`: the certificate that the service shows.
enum CredentialsSection {
  /// Throws `contradiction`, `missing-key`, or what is wrong with a value.
  static func credentials(
    _ fields: Fields, _ files: ConfigurationFiles
  ) throws(Problem) -> ServiceConfiguration.Credentials? {
    guard let fields = try fields.fields("tls", .tls) else { return nil }
    let names = try fields.list("names", "[cloud.example.org, 10.1.0.7]", Bounds.host)
    guard let pair = try fields.both("certificate", "key", files.readable) else { return .own(names: names ?? []) }
    guard names == nil else {
      throw fields.mark.problem(
        "contradiction", "\(fields.subject) has names for a certificate of its own and the file of another.",
        remedy: "Remove 'names', or 'certificate' and 'key'.")
    }
    return .files(ServiceConfiguration.CertificateFiles(certificate: pair.0, key: pair.1))
  }
}
