/// The media type of a manifest or blob, kept as upstream spells it.
public struct MediaType: Hashable, Sendable, CustomStringConvertible {
    /// `type/subtype`, without parameters.
    public let text: String

    /// Wraps a media type; parameters after `;` are dropped (RFC 9110 section 8.3.1).
    public init(_ text: String) {
        let type = text.prefix { $0 != ";" }
        self.text = String(type.drop { $0 == " " }.prefix { $0 != " " })
    }

    /// The media type as it stands in `Content-Type`.
    public var description: String { text }

    /// An OCI image manifest.
    public static let ociManifest = MediaType("application/vnd.oci.image.manifest.v1+json")
    /// An OCI image index, one manifest for each platform.
    public static let ociIndex = MediaType("application/vnd.oci.image.index.v1+json")
    /// A Docker image manifest, version 2, schema 2.
    public static let dockerManifest =
        MediaType("application/vnd.docker.distribution.manifest.v2+json")
    /// A Docker manifest list.
    public static let dockerList =
        MediaType("application/vnd.docker.distribution.manifest.list.v2+json")
    /// A Docker manifest of the withdrawn schema 1, unsigned.
    public static let dockerSchema1 =
        MediaType("application/vnd.docker.distribution.manifest.v1+json")
    /// A Docker manifest of the withdrawn schema 1, signed.
    public static let dockerSignedSchema1 =
        MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws")
    /// Bytes of no stated type, which every blob is to a registry.
    public static let octetStream = MediaType("application/octet-stream")

    /// Whether it is one of a manifest or index.
    var isManifest: Bool { text.contains(".manifest.") || text.contains(".index.") }

    /// Whether it is one of a layer that registries need not keep: nondistributable to the OCI,
    /// foreign to Docker.
    var isNondistributable: Bool {
        text.hasPrefix("application/vnd.oci.image.layer.nondistributable.")
            || text.hasPrefix("application/vnd.docker.image.rootfs.foreign.")
    }

    /// That of an empty JSON object, which nobody need fetch (OCI image-spec, manifest.md,
    /// "Guidance for an Empty Descriptor").
    static let ociEmpty = MediaType("application/vnd.oci.empty.v1+json")

    /// The manifest types that a mirror asks its upstream for, best first.
    public static let manifests: [MediaType] = [
        .ociIndex, .ociManifest, .dockerList, .dockerManifest,
    ]
}
