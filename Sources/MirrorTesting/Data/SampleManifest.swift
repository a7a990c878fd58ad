public import MirrorCore

/// A manifest or index that tests store, serve and compare.
public struct SampleManifest: Hashable, Sendable {
    /// The exact bytes.
    public let bytes: [UInt8]
    /// What `Content-Type` says of it.
    public let mediaType: MediaType
    /// The SHA-256 digest of the bytes.
    public let digest: Digest
    /// What it refers to by its `subject`, if anything.
    public let subject: Digest?
    /// Its `artifactType`, if any.
    public let artifactType: String?

    /// Wraps the bytes of a manifest; nothing is read from them.
    public init(
        bytes: [UInt8], mediaType: MediaType, subject: Digest? = nil, artifactType: String? = nil
    ) {
        self.bytes = bytes
        self.mediaType = mediaType
        self.subject = subject
        self.artifactType = artifactType
        digest = SampleBlob(bytes).digest
    }

    /// What an index says of it.
    public var descriptor: Descriptor {
        Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count))
    }
}

extension Descriptor {
    /// The descriptor as JSON, with further members behind.
    func json(_ more: String = "") -> String {
        #"{"mediaType":"\#(mediaType)","digest":"\#(digest)","size":\#(size)\#(more)}"#
    }
}
