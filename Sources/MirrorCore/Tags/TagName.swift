/// A tag of a repository.
struct TagName: Hashable, Sendable {
    var repository: RepositoryName
    var tag: Tag
}
