/// The first page of an answer, on disk: a line of what it answers, when, and where the list goes
/// on, then the page.
struct HeldReferrers: Hashable {
    var question: ReferrerQuestion
    var fetchedAt: WallTime
    var bytes: [UInt8]
    var next: ListPosition?

    init(_ page: ReferrerPage, to question: ReferrerQuestion, at time: WallTime) {
        self.question = question
        fetchedAt = time
        bytes = page.index.bytes
        next = page.next
    }

    /// Nil when something else stands there.
    init?(file: [UInt8]) {
        guard let end = file.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let words = String(decoding: file[..<end], as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, let seconds = Int64(words[0]), let subject = Digest(words[1]),
            let repository = RepositoryName(words[2])
        else { return nil }
        question = ReferrerQuestion(subject: subject, repository: repository)
        fetchedAt = .seconds(seconds)
        bytes = Array(file[(end + 1)...])
        next = words[3].isEmpty ? nil : .link(words[3])
    }

    var file: [UInt8] {
        let seconds = fetchedAt.nanosecondsSinceEpoch / 1_000_000_000
        var link = ""
        if case .link(let query) = next { link = query }
        let line = "\(seconds) \(question.subject) \(question.repository) \(link)\n"
        return Array(line.utf8) + bytes
    }

    var page: ReferrerPage {
        ReferrerPage(
            index: FetchedManifest(bytes: bytes, mediaType: .ociIndex), next: next)
    }
}
