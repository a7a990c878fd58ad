/// What is known of content without having it (OCI image-spec, descriptor.md).
public struct Descriptor: Hashable, Sendable {
    /// The content's media type.
    public var mediaType: MediaType
    /// The content's digest.
    public var digest: Digest
    /// The content's size in bytes.
    public var size: Int64

    /// Describes content of `size` bytes.
    public init(mediaType: MediaType, digest: Digest, size: Int64) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }
}
