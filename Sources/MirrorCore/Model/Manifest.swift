internal import FoundationEssentials

/// A manifest or index: the exact bytes, and what was learnt from them.
public final class Manifest: Sendable {
    /// The largest manifest that is taken, in bytes: what the registries in use accept.
    public static var byteLimit: Int { 4 << 20 }

    /// The bytes as upstream served them; never changed.
    public let bytes: [UInt8]
    /// Their digest.
    public let digest: Digest
    /// Their media type.
    public let mediaType: MediaType
    /// The content that the manifest is made of: config and layers, or further manifests.
    public let parts: [Part]
    /// Whether the media type is stated in the manifest itself, so that it need not be kept.
    public let statesMediaType: Bool

    /// The digests of its parts.
    public var children: [Digest] { parts.map(\.digest) }

    /// What a manifest says of a part of it.
    public struct Part: Hashable, Sendable {
        /// The part's digest.
        public var digest: Digest
        /// Its size in bytes; nil where the manifest does not say so.
        public var size: Int64?
        /// What it is.
        public var kind = CachedItem.Kind.blob
        /// Whether clients need not ask a registry for it: the manifest has it in itself (OCI
        /// image-spec, descriptor.md, "Embedded Content"), or says where else it is of a layer
        /// that registries need not keep (layer.md, "Non-Distributable Layers").
        public var isElsewhere = false
    }

    /// Reads a manifest.
    ///
    /// - Parameters:
    ///   - bytes: the exact bytes.
    ///   - digest: their digest, which the caller has checked.
    ///   - statedType: what upstream called them; a type in the manifest itself counts more.
    /// - Returns: nil when the bytes are no JSON object.
    public init?(bytes: [UInt8], digest: Digest, statedType: MediaType?) {
        guard bytes.count <= Self.byteLimit,
            let document = try? JSONDecoder().decode(Document.self, from: Data(bytes))
        else { return nil }
        self.bytes = bytes
        self.digest = digest
        let ownType = document.mediaType.flatMap { $0.isEmpty ? nil : MediaType($0) }
        statesMediaType = ownType != nil
        mediaType = ownType ?? document.impliedType(statedType)
        parts = document.parts
    }

    /// What a mirror needs to know of the JSON. Anything else is left alone, and a part that is
    /// not as the spec has it does not keep the rest from being read.
    private struct Document: Decodable {
        struct Entry: Decodable {
            var digest: String?
            var size: Int64?
            var mediaType: MediaType?
            var hasPlaces: Bool
            var hasData: Bool

            enum CodingKeys: String, CodingKey {
                case digest, size, mediaType, urls, data
            }

            init(from decoder: any Decoder) throws {
                let fields = try decoder.container(keyedBy: CodingKeys.self)
                digest = try? fields.decode(String.self, forKey: .digest)
                size = try? fields.decode(Int64.self, forKey: .size)
                mediaType = (try? fields.decode(String.self, forKey: .mediaType))
                    .map { MediaType($0) }
                let places = try? fields.decode([String].self, forKey: .urls)
                hasPlaces = places?.isEmpty == false
                hasData = (try? fields.decode(String.self, forKey: .data)) != nil
            }

            /// - Parameter isListed: whether it stands among manifests. Build tools list the
            ///   blobs of their caches there, too.
            func part(amongManifests isListed: Bool) -> Part? {
                guard let digest = digest.flatMap({ Digest($0) }) else { return nil }
                return Part(
                    digest: digest, size: size.flatMap { $0 < 0 ? nil : $0 },
                    kind: isListed && mediaType?.isManifest != false ? .manifest : .blob,
                    isElsewhere: isElsewhere)
            }

            private var isElsewhere: Bool {
                hasData || mediaType == .ociEmpty
                    || hasPlaces && mediaType?.isNondistributable == true
            }
        }

        var schemaVersion: Int?
        var mediaType: String?
        var config: Entry?
        var layers: [Entry]?
        var blobs: [Entry]?
        var manifests: [Entry]?

        enum CodingKeys: String, CodingKey {
            case schemaVersion, mediaType, config, layers, blobs, manifests
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            schemaVersion = try? fields.decode(Int.self, forKey: .schemaVersion)
            mediaType = try? fields.decode(String.self, forKey: .mediaType)
            config = try? fields.decode(Entry.self, forKey: .config)
            layers = try? fields.decode([Entry].self, forKey: .layers)
            blobs = try? fields.decode([Entry].self, forKey: .blobs)
            manifests = try? fields.decode([Entry].self, forKey: .manifests)
        }

        var parts: [Part] {
            let entries = (config.map { [$0] } ?? []) + (layers ?? []) + (blobs ?? [])
            return entries.compactMap { $0.part(amongManifests: false) }
                + (manifests ?? []).compactMap { $0.part(amongManifests: true) }
        }

        /// The type of a manifest that does not state one: OCI lets it be left out.
        func impliedType(_ stated: MediaType?) -> MediaType {
            if schemaVersion == 1 { return stated ?? .dockerSignedSchema1 }
            if let stated, stated.text.contains("json") || stated.text.contains("prettyjws"),
                stated.text != "application/json"
            {
                return stated
            }
            return manifests == nil ? .ociManifest : .ociIndex
        }
    }
}
