extension ConfigurationSchema {
    /// What holds for single values that are not said, as one would write it.
    ///
    /// ``Configuration`` has the same values; tests hold both against each other, and against the
    /// page for operators.
    static let defaults = [
        "log.level": "info",
        "log.formatter": "text",
        "log.accesslog.disabled": "false",
        "storage.filesystem.rootdirectory": "/var/lib/registry",
        "storage.filesystem.maxthreads": "16",
        "storage.delete.enabled": "false",
        "storage.maintenance.uploadpurging.enabled": "true",
        "storage.maintenance.uploadpurging.age": "168h",
        "storage.maintenance.uploadpurging.dryrun": "false",
        "http.addr": ":5000",
        "http.net": "tcp",
        "http.prefix": "/",
        "http.draintimeout": "10s",
        "http.debug.prometheus.enabled": "false",
        "http.debug.prometheus.path": "/metrics",
        "health.storagedriver.enabled": "false",
        "health.storagedriver.interval": "10s",
        "health.storagedriver.threshold": "1",
        "catalog.maxentries": "1000",
        "tags.maxtags": "1000",
        "proxy.ttl": "168h",
        "proxy.eviction.headroom": "10%",
        "proxy.tags.maxage": "0s",
        "proxy.tags.stalewhilerevalidate": "0s",
        "proxy.tags.staleiferror": "720h",
        "proxy.tags.keepgone": "true",
        "proxy.tags.notfoundmaxage": "0s",
        "proxy.limits.concurrency": "0",
        "proxy.limits.bandwidth": "0",
        "proxy.limits.scarcebelow": "10%",
        "proxy.limits.failures": "3",
        "proxy.tls.insecureskipverify": "false",
    ]
}
