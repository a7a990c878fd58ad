/// Which manifests refer to one of a repository, of whatever type they are: the answer serves
/// those who want one type, too.
struct ReferrerQuestion: Hashable {
    var subject: Digest
    var repository: RepositoryName
    var position = ListPosition.start

    /// The tag that stands for the answer where a registry has no API for it (OCI
    /// distribution-spec, "Referrers Tag Schema").
    var tag: Tag {
        guard let tag = Tag("\(subject.algorithm.rawValue)-\(subject.hex.prefix(64))") else {
            preconditionFailure("an algorithm and hexadecimal digits make a tag")
        }
        return tag
    }

    /// The answer as it is held, as far as it is to be decided whether it may be served.
    func record(checkedAt: WallTime) -> TagRecord {
        TagRecord(repository: repository, tag: tag, digest: subject, checkedAt: checkedAt)
    }
}
