public import MirrorCore

extension ScriptedUpstream {
    /// Makes a repository without manifests, so that it is known.
    public func addRepository(_ name: String) {
        core.with { state in
            if state.content.repositories[name] == nil {
                state.content.repositories[name] = .init()
            }
        }
    }

    /// Serves a blob under every repository; under another digest than its own when it has to
    /// lie.
    public func addBlob(_ blob: SampleBlob, as digest: Digest? = nil) {
        core.with { $0.content.blobs[digest ?? blob.digest] = blob }
    }

    /// Serves these bytes as a blob under every repository.
    @discardableResult
    public func addBlob(_ bytes: [UInt8]) -> SampleBlob {
        let blob = SampleBlob(bytes)
        addBlob(blob)
        return blob
    }

    /// Has the blob no longer.
    public func removeBlob(_ digest: Digest) {
        core.with { _ = $0.content.blobs.removeValue(forKey: digest) }
    }

    /// Serves a manifest by its digest and by these tags.
    public func addManifest(
        _ manifest: SampleManifest, to repository: String, tags: String...
    ) {
        core.with { state in
            state.content.repositories[repository, default: .init()]
                .manifests[manifest.digest] = manifest
            for tag in tags {
                state.content.repositories[repository]?.tags[tag] = manifest.digest
            }
        }
    }

    /// Serves a manifest of these bytes by its digest and by these tags.
    @discardableResult
    public func addManifest(
        _ bytes: [UInt8], mediaType: MediaType, to repository: String, tags: String...
    ) -> SampleManifest {
        let manifest = SampleManifest(bytes: bytes, mediaType: mediaType)
        addManifest(manifest, to: repository)
        for tag in tags { moveTag(tag, in: repository, to: manifest.digest) }
        return manifest
    }

    /// Has the manifest no longer; tags that name it lead nowhere.
    public func removeManifest(_ digest: Digest, from repository: String) {
        core.with { state in
            _ = state.content.repositories[repository]?.manifests.removeValue(forKey: digest)
        }
    }

    /// Serves an image: blobs, manifest, tags.
    public func add(_ image: SampleImage, to repository: String, tags: String...) {
        for blob in image.blobs { addBlob(blob) }
        addManifest(image.manifest, to: repository)
        for tag in tags { moveTag(tag, in: repository, to: image.manifest.digest) }
    }

    /// Serves an image for several platforms: blobs, manifests, index, tags of the index.
    public func add(_ index: SampleIndex, to repository: String, tags: String...) {
        for image in index.images { add(image, to: repository) }
        addManifest(index.manifest, to: repository)
        for tag in tags { moveTag(tag, in: repository, to: index.manifest.digest) }
    }

    /// Lets a tag name another manifest, or a first one.
    public func moveTag(_ tag: String, in repository: String, to digest: Digest) {
        core.with { $0.content.repositories[repository, default: .init()].tags[tag] = digest }
    }

    /// Has the tag no longer.
    public func removeTag(_ tag: String, from repository: String) {
        core.with { state in
            _ = state.content.repositories[repository]?.tags.removeValue(forKey: tag)
        }
    }

    /// Sets how many tags a page of the list has at most.
    public func limitTagPages(to count: Int) {
        core.with { $0.content.tagPageLimit = count }
    }
}
