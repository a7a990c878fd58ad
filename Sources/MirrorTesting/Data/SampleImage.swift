internal import MirrorCore

/// An image for one platform: a configuration, layers of seeded bytes and their manifest.
///
/// Equal arguments give equal bytes. Layers are no archives; nothing here unpacks them.
public struct SampleImage: Hashable, Sendable {
    /// Whose media types the manifest uses.
    public enum Flavor: Sendable, CaseIterable {
        /// The Open Container Initiative's.
        case oci
        /// Docker's, version 2, schema 2.
        case docker
    }

    /// The image's configuration.
    public let config: SampleBlob
    /// The layers, the base first.
    public let layers: [SampleBlob]
    /// What names them all.
    public let manifest: SampleManifest
    /// What an index calls its platform, such as `amd64`.
    public let architecture: String

    /// Builds an image whose layers have `layerSizes` bytes each, above those of a base that
    /// other images may have, too.
    public init(
        seed: UInt64, layerSizes: [Int64] = [3_000, 70_000], base: [SampleBlob] = [],
        flavor: Flavor = .oci, architecture: String = "amd64"
    ) {
        var random = SeededRandom(seed: seed)
        let layers = base + layerSizes.map { SampleBlob(seed: random.next(), size: $0) }
        let ids = layers.map { "\"\($0.digest)\"" }.joined(separator: ",")
        config = SampleBlob(
            #"{"architecture":"\#(architecture)","os":"linux","#
                + #""config":{"Labels":{"seed":"\#(seed)"}}"#
                + #","rootfs":{"type":"layers","diff_ids":[\#(ids)]}}"#)
        self.layers = layers
        self.architecture = architecture
        manifest = Self.manifest(config: config, layers: layers, flavor: flavor)
    }

    /// Configuration and layers.
    public var blobs: [SampleBlob] { [config] + layers }

    private static func manifest(
        config: SampleBlob, layers: [SampleBlob], flavor: Flavor
    ) -> SampleManifest {
        let types =
            switch flavor {
            case .oci: ("vnd.oci.image.config.v1+json", "vnd.oci.image.layer.v1.tar+gzip")
            case .docker:
                ("vnd.docker.container.image.v1+json", "vnd.docker.image.rootfs.diff.tar.gzip")
            }
        let mediaType: MediaType = flavor == .oci ? .ociManifest : .dockerManifest
        let configEntry = Descriptor(
            mediaType: MediaType("application/\(types.0)"), digest: config.digest,
            size: config.size)
        let layerEntries = layers.map { layer in
            Descriptor(
                mediaType: MediaType("application/\(types.1)"), digest: layer.digest,
                size: layer.size
            ).json()
        }
        let text =
            #"{"schemaVersion":2,"mediaType":"\#(mediaType)","config":\#(configEntry.json()),"#
            + #""layers":[\#(layerEntries.joined(separator: ","))]}"#
        return SampleManifest(bytes: Array(text.utf8), mediaType: mediaType)
    }
}
