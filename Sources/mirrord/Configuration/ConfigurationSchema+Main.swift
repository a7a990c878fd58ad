/// Every key of the reference registry's configuration, of its lines 2.8 and 3, in its order.
enum ConfigurationSchema {
    static let root: [ConfigurationKey] = [
        .value("version"),
        log,
        .value("loglevel"),
        storage,
        auth.later("anyone who reaches the mirror may pull, so keep it on a trusted network"),
        middleware.later("no middleware runs"),
        reporting.later("nothing is reported"),
        http,
        notifications.later("no notification is sent"),
        redis.later("no Redis is used"),
        health.later("no health check runs"),
        .section("catalog", "maxentries").later("a page of the catalogue has at most 1000 entries"),
        .section("tags", "maxtags").later("a page of tags has at most 1000 entries"),
        proxy,
        compatibility.later("manifests of schema 1 are not served"),
        validation.later("it concerns pushes, and a mirror takes none"),
        policy.later("it concerns pushes, and a mirror takes none"),
    ]

    private static let log = ConfigurationKey.section(
        "log",
        [
            .value("level"),
            .value("formatter"),
            .map("fields"),
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
            .value("host"),
            .value("prefix"),
            .map("headers", to: .anything),
            .value("draintimeout"),
            .value("secret").later("it signs uploads, and a mirror takes none"),
            .value("relativeurls").later("links in answers are relative in any case"),
            .section(
                "tls",
                ConfigurationKey.values("certificate key clientauth minimumtls") + [
                    .list("clientcas"), .list("ciphersuites"),
                    .section(
                        "letsencrypt",
                        ConfigurationKey.values("cachefile email directoryurl") + [.list("hosts")]
                    ).later("certificates are had from a file, which certbot or lego can keep"),
                ]),
            .section(
                "debug", [.value("addr"), .section("prometheus", "enabled path")]
            ).later("there is no debug server"),
            .section("http2", "disabled").later("the mirror speaks HTTP/1.1 only"),
            .section("h2c", "enabled").later("the mirror speaks HTTP/1.1 only"),
        ])

    private static let proxy = ConfigurationKey.section(
        "proxy", upstream + [.list("upstreams", of: .section(upstream))])

    /// What may be said of each registry that is mirrored.
    private static let upstream: [ConfigurationKey] = [
        .value("remoteurl"),
        .value("name"),
        .list("hosts"),
        .value("username"),
        .value("password"),
        .value("ttl"),
        tags,
        .section("limits", "concurrency bandwidth scarcebelow failures"),
        .section(
            "tls",
            [
                .list("rootcas"), .value("certificate"), .value("key"),
                .value("insecureskipverify"),
            ]),
        .value("httpproxy"),
        .section("exec", "command lifetime").later(
            "no command is run for credentials, only username and password are used"),
        .value("cachewritetimeout").later("a fill goes on for as long as bytes arrive"),
        .value("cacheTTL").later("the reference does not read it either, so write ttl"),
    ]
}
