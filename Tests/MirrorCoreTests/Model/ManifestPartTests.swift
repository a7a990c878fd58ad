import MirrorTesting
import Testing

@testable import MirrorCore

/// What a manifest says of its parts.
@Suite struct ManifestPartTests {
    private let digest = Digest(of: [1])

    private func parts(_ json: String) throws -> [Manifest.Part] {
        let bytes = Array(json.utf8)
        return try #require(
            Manifest(bytes: bytes, digest: Digest(of: bytes), statedType: nil)
        ).parts
    }

    @Test func areItsConfigAndLayersWithTheirSizes() throws {
        let image = SampleImage(seed: 1)
        let json = String(decoding: image.manifest.bytes, as: UTF8.self)
        #expect(
            try parts(json) == image.blobs.map { Manifest.Part(digest: $0.digest, size: $0.size) })
    }

    @Test func areTheManifestsOfAnIndex() throws {
        let index = SampleIndex(seed: 2)
        let json = String(decoding: index.manifest.bytes, as: UTF8.self)
        let manifests = index.images.map(\.manifest)
        #expect(try parts(json).map(\.digest) == manifests.map(\.digest))
        #expect(try parts(json).map(\.size) == manifests.map { Int64($0.bytes.count) })
        #expect(try parts(json).allSatisfy { $0.kind == .manifest && !$0.isElsewhere })
    }

    @Test func ofAnIndexAreBlobsWhereTheirTypeIsNoManifests() throws {
        func kind(_ type: String) throws -> CachedItem.Kind? {
            try parts(#"{"manifests":[{"mediaType":"\#(type)","digest":"\#(digest)"}]}"#).first?
                .kind
        }
        for type in MediaType.manifests + [.dockerSchema1, .dockerSignedSchema1] {
            #expect(try kind(type.text) == .manifest)
        }
        for type in [
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.buildkit.cacheconfig.v0", "",
        ] {
            #expect(try kind(type) == .blob)
        }
    }

    @Test(arguments: [
        ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", #"["https://a.b/c"]"#, true),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar", #"["https://a.b/c"]"#, true),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar", "[]", false),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar", #""https://a.b/c""#, false),
        ("application/vnd.oci.image.layer.v1.tar", #"["https://a.b/c"]"#, false),
        ("application/vnd.oci.empty.v1+json", "[]", true),
        ("application/vnd.oci.empty.v1+json", #"[],"data":"e30=""#, true),
        ("application/vnd.example", #"[],"data":"e30=""#, true),
        ("application/vnd.example", #"[],"data":7"#, false),
    ])
    func areElsewhereWhereClientsNeedNotAskARegistryForThem(
        _ type: String, _ urlsAndMore: String, _ isElsewhere: Bool
    ) throws {
        let layer = #"{"mediaType":"\#(type)","digest":"\#(digest)","urls":\#(urlsAndMore)}"#
        #expect(try parts(#"{"layers":[\#(layer)]}"#).map(\.isElsewhere) == [isElsewhere])
    }

    @Test(arguments: ["", #","size":-1"#, #","size":"7""#, #","size":1.5"#, #","size":1e300"#])
    func areKnownWithoutASizeThatMakesSense(_ size: String) throws {
        let known = #"{"digest":"\#(digest)","size":7}"#
        let parts = try parts(#"{"layers":[\#(known),{"digest":"\#(digest)"\#(size)}]}"#)
        #expect(parts.map(\.digest) == [digest, digest])
        #expect(parts.map(\.size) == [7, nil])
    }

    @Test(arguments: ["{}", #"{"digest":7}"#, #"{"digest":"sha256:12"}"#])
    func areNoneWithoutADigestAndDoNotKeepOthersFromBeingRead(_ entry: String) throws {
        let parts = try parts(#"{"config":\#(entry),"layers":[\#(entry),{"digest":"\#(digest)"}]}"#)
        #expect(parts == [Manifest.Part(digest: digest)])
    }
}
