extension ConfigurationSchema {
    /// What is looked at to find out whether the mirror is of use.
    static let health = ConfigurationKey.section(
        "health",
        [
            .section("storagedriver", "enabled interval threshold"),
            .list("file", of: .section(ConfigurationKey.values("file interval threshold"))),
            .list(
                "http",
                of: .section(
                    ConfigurationKey.values("uri statuscode timeout interval threshold") + [
                        .map("headers", to: .anything)
                    ])),
            .list("tcp", of: .section(ConfigurationKey.values("addr timeout interval threshold"))),
        ])
}
