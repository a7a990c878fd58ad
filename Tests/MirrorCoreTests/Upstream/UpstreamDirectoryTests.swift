import MirrorCore
import Testing

/// Which registry a request means, and what its repository is stored under.
@Suite struct UpstreamDirectoryTests {
    private let alone = UpstreamDirectory(main: .init(.dockerHub))
    private let several = UpstreamDirectory(
        main: .init(.dockerHub),
        others: [
            .init(.made("ghcr.io"), hosts: ["ghcr.mirror.test"]),
            .init(.made("registry.test:5000")),
        ])

    private func stored(
        _ directory: UpstreamDirectory, _ name: String, ns: String? = nil, host: String? = nil
    ) -> String? {
        directory.storedName(of: .made(name), namespace: ns, host: host)?.text
    }

    @Test func namesOfTheMainRegistryAreStoredAsTheyAre() {
        #expect(stored(several, "team/app") == "team/app")
        #expect(stored(several, "library/busybox", ns: "docker.io") == "library/busybox")
        #expect(stored(several, "docker.io/team/app") == "team/app")
        #expect(stored(alone, "docker.io/team/app") == "team/app")
    }

    @Test(
        arguments: [
            ("owner/app", "ghcr.io", nil), ("owner/app", "GHCR.io", nil),
            ("owner/app", "ghcr.mirror.test", nil),
            ("owner/app", nil, "ghcr.io"), ("owner/app", nil, "ghcr.io:5000"),
            ("owner/app", nil, "Ghcr.mirror.test:80"), ("ghcr.io/owner/app", nil, nil),
            ("ghcr.io/owner/app", nil, "mirror.test:5000"),
        ] as [(String, String?, String?)])
    func everyWayToAnotherRegistryLeadsToOneName(_ way: (String, String?, String?)) {
        #expect(stored(several, way.0, ns: way.1, host: way.2) == "ghcr.io/owner/app")
    }

    @Test func theNamespaceCountsBeforeTheHostAndTheHostBeforeThePath() {
        #expect(stored(several, "a/b", ns: "docker.io", host: "ghcr.io") == "a/b")
        #expect(
            stored(several, "docker.io/a/b", host: "ghcr.io") == "ghcr.io/docker.io/a/b")
        #expect(
            stored(several, "ghcr.io/a/b", ns: "ghcr.io") == "ghcr.io/ghcr.io/a/b")
    }

    @Test func aPortIsPartOfANameAndAnUnderscoreStandsForItsColon() {
        let stored = "registry.test_5000/app"
        #expect(self.stored(several, "app", ns: "registry.test:5000") == stored)
        #expect(self.stored(several, "app", host: "registry.test:5000") == stored)
        #expect(self.stored(several, "registry.test_5000/app") == stored)
        #expect(self.stored(several, "app", ns: "registry.test") == nil)
        #expect(self.stored(several, "app", host: "registry.test:443") == "library/app")
    }

    @Test func libraryIsImpliedForOnePartNamesOfDockerHubAlone() {
        for directory in [alone, several] {
            #expect(stored(directory, "busybox") == "library/busybox")
            #expect(stored(directory, "docker.io/busybox") == "library/busybox")
            #expect(stored(directory, "busybox", ns: "docker.io") == "library/busybox")
        }
        #expect(stored(several, "app", ns: "ghcr.io") == "ghcr.io/app")
        #expect(stored(several, "ghcr.io/app") == "ghcr.io/app")
        let hub = UpstreamDirectory(
            main: .init(.made("quay.io")), others: [.init(.dockerHub)])
        #expect(stored(hub, "busybox") == "busybox")
        #expect(stored(hub, "docker.io/busybox") == "docker.io/library/busybox")
    }

    @Test func anUnknownNamespaceIsNoRegistry() {
        for directory in [alone, several] {
            #expect(stored(directory, "owner/app", ns: "quay.io") == nil)
            #expect(!directory.isName("quay.io"))
            #expect(directory.isName("Docker.IO"))
        }
    }

    @Test func aNameOfTheMainRegistryThatIsStoredForAnotherIsNone() {
        #expect(stored(several, "ghcr.io/owner/app", ns: "docker.io") == nil)
        #expect(stored(several, "docker.io/ghcr.io/owner/app") == nil)
        #expect(stored(several, "ghcr.io") == nil)
        #expect(stored(several, "ghcr.io", ns: "docker.io") == nil)
        #expect(stored(several, "docker.io") == nil)
        #expect(stored(several, "ghcr.iox/app") == "ghcr.iox/app")
    }

    @Test func aRegistryThatNobodyHasNamedAnswersToEveryName() {
        let unnamed = UpstreamDirectory()
        for namespace in [nil, "docker.io", "ghcr.io"] {
            #expect(stored(unnamed, "ghcr.io/app", ns: namespace, host: "a") == "ghcr.io/app")
        }
        #expect(!unnamed.isName("docker.io"))
        let besideOthers = UpstreamDirectory(others: [.init(.made("ghcr.io"))])
        #expect(stored(besideOthers, "app") == "app")
        #expect(stored(besideOthers, "app", ns: "docker.io") == nil)
    }

    @Test func aNameThatGetsTooLongIsNone() {
        let long = String(repeating: "a", count: 250)
        #expect(stored(several, long, ns: "ghcr.io") == nil)
        #expect(stored(several, long, ns: "docker.io") == nil)
        #expect(stored(several, "b/" + long) == "b/" + long)
    }

    @Test(arguments: ["", "a/b", "http://a", "[::1]", "a b", "-a"])
    func whatCannotBeAComponentIsNoName(_ text: String) {
        #expect(UpstreamName(text) == nil)
    }
}

extension UpstreamName {
    static func made(_ text: String) -> UpstreamName {
        guard let name = UpstreamName(text) else { preconditionFailure("no name: \(text)") }
        return name
    }
}
