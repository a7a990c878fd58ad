/// Where the reference registry keeps what: `docker/registry/v2/…`, so that either program can
/// open the other's directory. What is mirrord's own lies beside it, under `mirrord/`.
enum RegistryLayout {
    private static let root = StorageKey.root.child("docker").child("registry").child("v2")
    private static let own = StorageKey.root.child("mirrord")

    /// Folder of all repositories.
    static let repositories = root.child("repositories")

    /// Folder of the bytes of all blobs and manifests, in folders by their first two digits.
    static func contents(_ algorithm: Digest.Algorithm) -> StorageKey {
        root.child("blobs").child(algorithm.rawValue)
    }

    /// Bytes of a blob or manifest.
    static func data(_ digest: Digest) -> StorageKey {
        folder(of: digest).child("data")
    }

    /// What holds nothing but the bytes of a blob or manifest.
    static func folder(of digest: Digest) -> StorageKey {
        contents(digest.algorithm).child(digest.hex.prefix(2)).child(digest.hex)
    }

    /// Folder of one repository.
    static func repository(_ name: RepositoryName) -> StorageKey {
        name.components.reduce(repositories) { $0.child($1) }
    }

    /// Folders of the blobs that a repository has, one for each algorithm.
    static func layers(in name: RepositoryName, _ algorithm: Digest.Algorithm) -> StorageKey {
        repository(name).child("_layers").child(algorithm.rawValue)
    }

    /// Says that a repository has a blob.
    static func layerLink(_ digest: Digest, in name: RepositoryName) -> StorageKey {
        layers(in: name, digest.algorithm).child(digest.hex).child("link")
    }

    /// Folders of the manifests that a repository has, one for each algorithm.
    static func revisions(in name: RepositoryName, _ algorithm: Digest.Algorithm) -> StorageKey {
        repository(name).child("_manifests").child("revisions").child(algorithm.rawValue)
    }

    /// Says that a repository has a manifest.
    static func revisionLink(_ digest: Digest, in name: RepositoryName) -> StorageKey {
        revisions(in: name, digest.algorithm).child(digest.hex).child("link")
    }

    /// Folder of a repository's tags.
    static func tags(in name: RepositoryName) -> StorageKey {
        repository(name).child("_manifests").child("tags")
    }

    /// Says which manifest a tag names.
    static func tagLink(_ tag: Tag, in name: RepositoryName) -> StorageKey {
        tags(in: name).child(tag.text).child("current").child("link")
    }

    /// Says that a tag has named a manifest at some time.
    static func tagIndexLink(
        _ tag: Tag, _ digest: Digest, in name: RepositoryName
    ) -> StorageKey {
        tagIndex(tag, digest.algorithm, in: name).child(digest.hex).child("link")
    }

    /// Folders of the manifests that a tag names, or has named, one for each algorithm.
    static func tagIndex(
        _ tag: Tag, _ algorithm: Digest.Algorithm, in name: RepositoryName
    ) -> StorageKey {
        tags(in: name).child(tag.text).child("index").child(algorithm.rawValue)
    }

    /// Folder of blobs that are still arriving.
    static func fills(_ algorithm: Digest.Algorithm) -> StorageKey {
        own.child("fills").child(algorithm.rawValue)
    }

    /// A blob that is still arriving.
    static func fill(_ digest: Digest) -> StorageKey {
        fills(digest.algorithm).child(digest.hex)
    }

    /// What a later process has to know of it; see ``FillTrace``.
    static func fillTrace(_ digest: Digest) -> StorageKey {
        fills(digest.algorithm).child("\(digest.hex).trace")
    }

    /// Media type of a manifest that does not state it itself.
    static func mediaType(_ digest: Digest) -> StorageKey {
        own.child("types").child(digest.algorithm.rawValue).child(digest.hex)
    }

    /// When the reference would let go of what it fetched.
    static let schedule = StorageKey.root.child("scheduler-state.json")
    /// That, once it was taken over.
    static let takenSchedule = own.child("scheduler-state.json")
    /// That, where it was damaged.
    static let damagedSchedule = own.child("scheduler-state.damaged.json")

    /// The place of the list of what refers to a manifest: one of 65,536.
    static func referrers(_ question: ReferrerQuestion) -> StorageKey {
        let hex = Digest(of: Array("\(question.repository) \(question.subject)".utf8)).hex
        return own.child("referrers").child(hex.prefix(2)).child(hex.prefix(4))
    }

    /// Held by the process that removes content.
    static let eviction = own.child("evicting")
    /// Folder of damaged content that was set aside.
    static let damaged = own.child("damaged")

    /// How far the scrub has come. The mirror that scrubs has an upload open here.
    static let scrub = own.child("scrub")

    /// Folder of the journal of uses.
    static let uses = own.child("uses")

    /// Folder of the journal of when tags were checked.
    static let tagChecks = own.child("tags")
}
