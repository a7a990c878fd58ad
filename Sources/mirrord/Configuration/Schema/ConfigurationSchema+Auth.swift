extension ConfigurationSchema {
    /// Whom the mirror lets in: one of these, or nothing for everybody.
    static let auth = ConfigurationKey(
        name: "auth",
        shape: .sectionOrName([
            .section("none", []),
            .section("silly", "realm service"),
            .section("htpasswd", "realm path"),
            .section(
                "token",
                ConfigurationKey.values(
                    "realm service issuer rootcertbundle jwks autoredirect autoredirectpath") + [
                        .list("signingalgorithms")
                    ]),
        ]))
}
