/// Sections of which nothing is supported yet.
extension ConfigurationSchema {
    static let middleware = ConfigurationKey.section(
        "middleware",
        ["registry", "repository", "storage"].map {
            .list($0, of: .section([.value("name"), .value("disabled"), .anything("options")]))
        })

    static let reporting = ConfigurationKey.section(
        "reporting",
        [
            .section("bugsnag", "apikey releasestage endpoint"),
            .section("newrelic", "licensekey name verbose"),
        ])

    static let notifications = ConfigurationKey.section(
        "notifications",
        [
            .section("events", "includereferences").needless(
                "it concerns what is sent to endpoints"),
            .list(
                "endpoints",
                of: .section(
                    ConfigurationKey.values("name disabled url timeout threshold backoff") + [
                        .map("headers", to: .anything), .list("ignoredmediatypes"),
                        .section("ignore", [.list("mediatypes"), .list("actions")]),
                    ])
            ).later("no notification is sent"),
        ])

    /// The settings of both lines: 2.8 has one address and a pool, 3 has the client's own names.
    static let redis = ConfigurationKey.section(
        "redis",
        ConfigurationKey.values(
            """
            addr password db dialtimeout readtimeout writetimeout clientname protocol username \
            sentinelusername sentinelpassword maxretries minretrybackoff maxretrybackoff \
            contexttimeoutenabled poolfifo poolsize pooltimeout minidleconns maxidleconns \
            maxactiveconns connmaxidletime connmaxlifetime maxredirects readonly routebylatency \
            routerandomly mastername disableidentity identitysuffix unstableresp3
            """) + [
                .list("addrs"),
                .section("pool", "maxidle maxactive idletimeout"),
                .section(
                    "tls",
                    [
                        .value("enabled"), .value("certificate"), .value("key"),
                        .list("clientcas"), .list("rootcas"),
                    ]),
            ])

    static let compatibility = ConfigurationKey.section(
        "compatibility",
        [
            .section("schema1", "signingkeyfile enabled").later(
                "manifests of schema 1 are not served")
        ])

    static let validation = ConfigurationKey.section(
        "validation",
        [
            .value("enabled"), .value("disabled"),
            .section(
                "manifests",
                [
                    .section("urls", [.list("allow"), .list("deny")]),
                    .section(
                        "indexes",
                        [
                            .value("platforms"),
                            .list(
                                "platformlist",
                                of: .section(ConfigurationKey.values("architecture os"))),
                        ]),
                ]),
        ])

    static let policy = ConfigurationKey.section(
        "policy", [.section("repository", [.list("classes")])])
}
