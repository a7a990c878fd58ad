extension ReferrerPage {
    /// A list of nothing.
    static let empty = ReferrerPage(
        index: FetchedManifest(
            bytes: Array(
                #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":[]}"#.utf8),
            mediaType: .ociIndex))

    /// Those of one type of artifact; nil when the page is no index.
    func filtered(by artifactType: String) -> ReferrerPage? {
        guard case .object(var index) = JSONValue(self.index.bytes) else { return nil }
        if case .array(let entries) = index["manifests"] {
            index["manifests"] = .array(
                entries.filter { $0["artifactType"] == .string(artifactType) })
        }
        guard let bytes = JSONValue.object(index).bytes else { return nil }
        return ReferrerPage(
            index: FetchedManifest(bytes: bytes, mediaType: self.index.mediaType), next: next)
    }
}
