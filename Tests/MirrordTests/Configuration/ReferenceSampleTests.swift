import Testing

@testable import mirrord

/// Files in the shapes that the reference registry ships as samples: with a `proxy` section, by a
/// variable where they have none, they are taken as they are.
@Suite struct ReferenceSampleTests {
    /// The keys that are warned of. What is left out here has tests of its own.
    private func warned(
        _ text: String, environment: [String: String] = [:]
    ) throws -> [String] {
        let loaded = try LoadedConfiguration.parse(
            Array(text.utf8), file: "c.yml", environment: environment)
        let others = ["health", "http.debug", "http.tls", "proxy.exec"]
        return loaded.warnings.map { String($0.message.prefix { $0 != " " }) }
            .filter { !others.contains($0) }
    }

    private let hub = ["REGISTRY_PROXY_REMOTEURL": "https://registry-1.docker.io"]

    @Test func theSampleForACache() throws {
        let text = """
            version: 0.1
            log:
              level: debug
              fields: {service: registry, environment: development}
            storage:
                cache:
                    blobdescriptor: redis
                filesystem:
                    rootdirectory: /var/lib/registry-cache
                maintenance:
                    uploadpurging:
                        enabled: false
            http:
                addr: :5000
                secret: anything
                debug:
                    addr: localhost:5001
                headers:
                    X-Content-Type-Options: [nosniff]
            redis:
              addr: localhost:6379
              pool: {maxidle: 16, maxactive: 64, idletimeout: 300s}
              dialtimeout: 10ms
              readtimeout: 10ms
              writetimeout: 10ms
            notifications:
                events: {includereferences: true}
                endpoints:
                    - name: one
                      url: http://localhost:5003/callback
                      headers:
                         Authorization: [Bearer token]
                      timeout: 1s
                      threshold: 10
                      backoff: 1s
                      disabled: true
            proxy:
              remoteurl: https://registry-1.docker.io
              username: username
              password: password
              cacheTTL: 48h
            health:
              storagedriver: {enabled: true, interval: 10s, threshold: 3}
            """
        #expect(try warned(text) == ["redis", "proxy.cacheTTL"])
    }

    @Test func theSampleForDevelopmentAndThatOfTheImages() throws {
        let text = """
            version: 0.1
            log:
              level: debug
              fields:
                service: registry
                environment: development
            storage:
                delete:
                  enabled: true
                cache:
                    blobdescriptor: inmemory
                filesystem:
                    rootdirectory: /var/lib/registry
                maintenance:
                    uploadpurging:
                        enabled: false
                tag:
                  concurrencylimit: 8
            http:
                addr: :5000
                debug:
                    addr: :5001
                    prometheus:
                        enabled: true
                        path: /metrics
                headers:
                    X-Content-Type-Options: [nosniff]
            health:
              storagedriver:
                enabled: true
                interval: 10s
                threshold: 3
            """
        #expect(try warned(text, environment: hub) == [])
        #expect(try warned(text) == ["there"])
    }

    @Test func withoutAProxySectionWhatIsHeldIsServed() throws {
        let loaded = try LoadedConfiguration.parse(
            Array("version: 0.1\nstorage: inmemory".utf8), file: "c.yml")
        #expect(loaded.configuration.proxy.remoteURL == nil)
        #expect(loaded.configuration.proxy.timeToLive == nil && !loaded.configuration.mayDelete)
        #expect(
            loaded.warnings.map(\.message) == [
                "there is no proxy.remoteurl, so nothing is mirrored: what the storage directory "
                    + "holds is served, and nothing is fetched, pushed or removed"
            ])
    }

    @Test func theSampleWithUsers() throws {
        let text = """
            version: 0.1
            log: {fields: {service: registry}}
            storage:
              cache: {blobdescriptor: inmemory}
              filesystem: {rootdirectory: /var/lib/registry}
            http:
              addr: :5000
              headers: {X-Content-Type-Options: [nosniff]}
            auth:
              htpasswd: {realm: basic-realm, path: /etc/registry}
            health: {storagedriver: {enabled: true, interval: 10s, threshold: 3}}
            """
        #expect(try warned(text, environment: hub) == [])
    }

    @Test func theSamplesWithSuitesAndExtensions() throws {
        let text = """
            version: 0.1
            storage:
              filesystem: {rootdirectory: /var/lib/registry}
            http:
              addr: :5000
              tls:
                certificate: /certs/domain.crt
                key: /certs/domain.key
                ciphersuites: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_AES_128_GCM_SHA256
            extensions:
              distribution:
                registry: [taghistory, manifests]
            """
        #expect(try warned(text, environment: hub) == ["extensions"])
    }

    /// All that the reference's page lists, but for drivers that are not here and what it gives
    /// several of where one is allowed.
    @Test func theListOfAllOptions() throws {
        let text = """
            version: 0.1
            log:
              accesslog: {disabled: true}
              level: debug
              formatter: text
              fields: {service: registry, environment: staging}
              reportcaller: true
              hooks:
                - type: mail
                  disabled: true
                  levels: [panic]
                  options:
                    smtp: {addr: 'mail.example.com:25', username: u, password: p, insecure: true}
                    from: sender@example.com
                    to: [errors@example.com]
            loglevel: debug
            storage:
              filesystem: {rootdirectory: /var/lib/registry, maxthreads: 100}
              tag: {concurrencylimit: 8}
              delete: {enabled: false}
              redirect: {disable: false}
              cache: {blobdescriptor: redis, blobdescriptorsize: 10000}
              maintenance:
                uploadpurging: {enabled: true, age: 168h, interval: 24h, dryrun: false}
                readonly: {enabled: false}
            middleware:
              registry: [{name: ARegistryMiddleware, options: {foo: bar}}]
              storage:
                - name: cloudfront
                  disabled: false
                  options: {baseurl: 'https://my.cdn.example/', duration: 3000s}
            reporting:
              bugsnag: {apikey: k, releasestage: s, endpoint: e}
              newrelic: {licensekey: k, name: n, verbose: true}
            http:
              addr: localhost:5000
              net: tcp
              prefix: /my/nested/registry/
              host: https://myregistryaddress.org:5000
              secret: asecretforlocaldevelopment
              relativeurls: false
              draintimeout: 60s
              headers: {X-Content-Type-Options: [nosniff]}
              http2: {disabled: false}
              h2c: {enabled: false}
            notifications:
              events: {includereferences: true}
              endpoints:
                - name: alistener
                  disabled: false
                  url: https://my.listener.com/event
                  timeout: 1s
                  threshold: 10
                  backoff: 1s
                  ignoredmediatypes: [application/octet-stream]
                  ignore: {mediatypes: [application/octet-stream], actions: [pull]}
            redis:
              addrs: ['localhost:6379']
              password: asecret
              db: 0
              maxidleconns: 16
              poolsize: 64
              connmaxidletime: 300s
              tls: {enabled: false}
            catalog: {maxentries: 1000}
            tags: {maxtags: 1000}
            proxy:
              remoteurl: https://registry-1.docker.io
              username: u
              password: p
              ttl: 168h
            compatibility: {schema1: {signingkeyfile: /etc/registry/key.json, enabled: true}}
            validation:
              disabled: false
              manifests:
                urls: {allow: ['^https?://a/'], deny: ['^https?://b/']}
                indexes: {platforms: List, platformlist: [{architecture: amd64, os: linux}]}
            policy: {repository: {classes: [image]}}
            """
        #expect(
            try warned(text) == [
                "log.reportcaller", "loglevel", "middleware", "reporting",
                "http.http2", "notifications.endpoints", "redis",
                "compatibility.schema1",
            ])
    }

    /// Storage that is not on this machine is one clear fault, whatever else is said of it.
    @Test(arguments: [
        "s3: {region: us-east-1, bucket: b, regionendpoint: 'http://minio:9000', secure: false}",
        "azure: {accountname: a, accountkey: k, container: c, credentials: {type: t}}",
        "gcs: {bucket: b, credentials: {type: service_account, project_id: p}}",
        "swift: {username: u, authurl: 'https://a.test/v3/auth', tenant: t}",
        "oss: {accesskeyid: a, accesskeysecret: s, region: r, bucket: b}",
    ])
    func aSampleForStorageElsewhereSaysWhatThereIs(_ driver: String) {
        let name = driver.prefix { $0 != ":" }
        let text = """
            version: 0.1
            log: {level: debug}
            storage:
              \(driver)
              cache: {blobdescriptor: redis}
              redirect: {disable: true}
            http: {addr: ':5000', secret: x}
            """
        #expect(
            faults(text, environment: hub) == [
                "4:3: storage.\(name) is not available: "
                    + "the storage drivers are filesystem and inmemory"
            ])
    }
}
