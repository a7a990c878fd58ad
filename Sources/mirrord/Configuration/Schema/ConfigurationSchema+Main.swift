/// Every key of the reference registry's configuration, of its lines 2.8 and 3, in its order.
enum ConfigurationSchema {
    static let root: [ConfigurationKey] = [
        .value("version"),
        log,
        .value("loglevel"),
        storage,
        auth,
        middleware.later("no middleware runs"),
        reporting.later("nothing is reported"),
        http,
        notifications,
        redis.later("no Redis is used"),
        health,
        .section("catalog", "maxentries"),
        .section("tags", "maxtags"),
        proxy,
        compatibility,
        validation.needless("it concerns pushes, and a mirror takes none"),
        policy.needless("it concerns pushes, and a mirror takes none"),
        .anything("extensions").later("the API has no extensions"),
    ]

    private static let log = ConfigurationKey.section(
        "log",
        [
            .value("level"),
            .value("formatter"),
            .map("fields", to: .anything),
            .section("accesslog", "disabled"),
            .value("reportcaller").later("records do not name the code that wrote them"),
            .list(
                "hooks",
                of: .section([
                    .value("disabled"), .value("type"), .list("levels"),
                    .section(
                        "options",
                        [
                            .section("smtp", "addr username password insecure"),
                            .value("from"), .list("to"),
                        ]),
                ])
            ).later("no mail is sent"),
        ])

    private static let http = ConfigurationKey.section(
        "http",
        [
            .value("addr"),
            .value("net"),
            .value("host").needless("it is for answers to pushes, and a mirror takes none"),
            .value("prefix"),
            .map("headers", to: .anything),
            .value("draintimeout"),
            .value("secret").needless("it signs uploads, and a mirror takes none"),
            .value("relativeurls").needless("it is for answers to pushes, and a mirror takes none"),
            .section(
                "tls",
                ConfigurationKey.values("certificate key clientauth minimumtls") + [
                    .list("clientcas"), .names("ciphersuites"),
                    .section(
                        "letsencrypt",
                        ConfigurationKey.values("cachefile email directoryurl") + [.list("hosts")]
                    ).later("certificates are had from a file, which certbot or lego can keep"),
                ]),
            .section("debug", [.value("addr"), .section("prometheus", "enabled path")]),
            .section("http2", "disabled").later("the mirror speaks HTTP/1.1 only"),
            .section("h2c", "enabled").later("the mirror speaks HTTP/1.1 only"),
        ])

    private static let proxy = ConfigurationKey.section(
        "proxy",
        upstream + [
            .section(
                "eviction",
                ConfigurationKey.values("maxsize minfree headroom maxage") + [.list("pin")]),
            .list(
                "upstreams",
                of: .section(
                    upstream + [
                        .section(
                            "eviction",
                            ConfigurationKey.values("maxsize maxage") + [.list("pin")])
                    ])),
        ])

    /// What may be said of each registry that is mirrored.
    private static let upstream: [ConfigurationKey] = [
        .value("remoteurl"),
        .value("name"),
        .list("hosts"),
        .value("username"),
        .value("password"),
        .value("passwordfile"),
        .section("exec", "command lifetime"),
        .section("clienttokens", "enabled maxage staleiferror"),
        .value("ttl"),
        tags,
        .section("limits", "concurrency bandwidth scarcebelow failures"),
        .section("timeouts", "connect handshake head stall crawl answer"),
        .section(
            "tls",
            [
                .list("rootcas"), .value("certificate"), .value("key"),
                .value("insecureskipverify"),
            ]),
        .value("httpproxy"),
        .list("redirects"),
        .value("cachewritetimeout").later("a fill goes on for as long as bytes arrive"),
        .value("cacheTTL").later("the reference does not read it either, so write ttl"),
    ]
}
