import Quantities

extension Problem {
  /// True where the caller did not prove who they are: HTTP's 401, while what a known caller may not do is 403.
  public var isAboutIdentity: Bool { Self.identityCodes.contains(code) }

  private static let identityCodes: Set<String> = [
    "token-malformed", "token-unknown", "token-revoked", "token-expired", "token-used", "token-for-another-host",
    "certificate-bad", "certificate-expired", "certificate-foreign", "certificate-name-unusable",
    "certificate-not-yet-valid", "certificate-revoked", "revocation-list-expired",
  ]
}
