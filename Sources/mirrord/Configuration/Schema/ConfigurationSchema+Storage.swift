extension ConfigurationSchema {
    /// The names of the storage drivers that can be used.
    static let storageDrivers = ["filesystem", "inmemory"]

    /// The names of those of the reference that cannot.
    static let remoteStorageDrivers = remoteDrivers.map(\.name)

    static let storage = ConfigurationKey(
        name: "storage",
        shape: .sectionOrName(
            [
                .section("filesystem", "rootdirectory maxthreads"),
                .section("inmemory", []),
                .section("delete", "enabled"),
                .section("scrub", "rate interval"),
                .section("redirect", "disable").needless(
                    "neither driver can send clients elsewhere"),
                .section("cache", "blobdescriptor layerinfo blobdescriptorsize").needless(
                    "what the mirror keeps in memory needs no setting"),
                .section("tag", "concurrencylimit").needless(
                    "it concerns deletes by clients, and a mirror takes none"),
                .section(
                    "maintenance",
                    [
                        .section(
                            "uploadpurging",
                            ConfigurationKey.values("enabled age dryrun") + [
                                .value("interval").needless(
                                    "what is unfinished is looked at every four hours at least")
                            ]),
                        .section("readonly", "enabled").needless(
                            "clients write nothing to a mirror, and it fills itself all the same"),
                    ]),
            ] + remoteDrivers.map { $0.refused("the storage drivers are filesystem and inmemory") })
    )

    private static let remoteDrivers: [ConfigurationKey] = [
        .section("s3", s3Parameters),
        .section("s3aws", s3Parameters),
        .section(
            "azure",
            ConfigurationKey.values(
                "accountname accountkey container realm rootdirectory serviceurl max_retries "
                    + "retry_delay skipverify") + [
                    .section("credentials", "type clientid tenantid secret")
                ]),
        .section(
            "gcs",
            ConfigurationKey.values("bucket keyfile rootdirectory chunksize maxconcurrency") + [
                .anything("credentials")
            ]),
        .anything("swift"),
        .anything("oss"),
    ]

    private static let s3Parameters = ConfigurationKey.values(
        """
        accesskey secretkey sessiontoken region bucket regionendpoint redirectendpoint encrypt \
        keyid secure skipverify v4auth chunksize multipartcopychunksize \
        multipartcopymaxconcurrency multipartcopythresholdsize rootdirectory storageclass \
        objectacl useragent forcepathstyle usedualstack accelerate usefipsendpoint loglevel
        """)
}
