extension Manifest {
    /// The image for a platform, out of an index; nil where there is none.
    public func child(operatingSystem: String, architecture: String) -> Digest? {
        guard case .array(let entries) = JSONValue(bytes)?["manifests"] else { return nil }
        let entry = entries.first { entry in
            entry["platform"]?["os"] == .string(operatingSystem)
                && entry["platform"]?["architecture"] == .string(architecture)
        }
        guard case .string(let text) = entry?["digest"] else { return nil }
        return Digest(text)
    }
}
