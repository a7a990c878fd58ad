internal import MirrorCore

/// An image for several platforms: an index and the image of each.
public struct SampleIndex: Hashable, Sendable {
    /// One image for each platform, in the index's order.
    public let images: [SampleImage]
    /// The index.
    public let manifest: SampleManifest

    /// Builds an image for each architecture, with layers of `layerSizes` bytes.
    public init(
        seed: UInt64, architectures: [String] = ["amd64", "arm64"],
        layerSizes: [Int64] = [3_000, 70_000], flavor: SampleImage.Flavor = .oci
    ) {
        var random = SeededRandom(seed: seed)
        images = architectures.map { architecture in
            SampleImage(
                seed: random.next(), layerSizes: layerSizes, flavor: flavor,
                architecture: architecture)
        }
        let mediaType: MediaType = flavor == .oci ? .ociIndex : .dockerList
        let entries = images.map { image in
            let platform = #","platform":{"architecture":"\#(image.architecture)","os":"linux"}"#
            return image.manifest.descriptor.json(platform)
        }
        let text =
            #"{"schemaVersion":2,"mediaType":"\#(mediaType)","manifests":["#
            + entries.joined(separator: ",") + "]}"
        manifest = SampleManifest(bytes: Array(text.utf8), mediaType: mediaType)
    }

    /// The blobs of all images, each once.
    public var blobs: [SampleBlob] {
        var seen: Set<SampleBlob> = []
        return images.flatMap(\.blobs).filter { seen.insert($0).inserted }
    }
}
