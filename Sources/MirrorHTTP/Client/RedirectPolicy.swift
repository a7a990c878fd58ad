/// Decides where a redirect leads, and what goes along.
struct RedirectPolicy {
    /// Fields that say who is asking: they stay with the origin that they were meant for.
    private static let credentialNames: [HTTPFieldName] = [
        .authorization, "Cookie", "Proxy-Authorization",
    ]

    private let limit: Int
    /// How many have been followed.
    private(set) var count = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// The request that follows `request`; nil when `head` is the final answer.
    mutating func next(
        after request: ClientRequest, _ head: ResponseHead
    ) throws(ClientError) -> ClientRequest? {
        guard [301, 302, 303, 307, 308].contains(head.status.code),
            let location = head.fields[.location]
        else { return nil }
        let from = "\(request.method) \(request.url)"
        count += 1
        guard count <= limit else {
            throw ClientError(.redirect, "\(from): more than \(limit) redirects")
        }
        guard let url = request.url.resolving(location) else {
            throw ClientError(.redirect, "\(from): redirected to what is no http or https URL")
        }
        guard request.url.origin.scheme == .http || url.origin.scheme == .https else {
            throw ClientError(.redirect, "\(from): refused to be redirected from https to \(url)")
        }
        var next = request
        next.url = url
        if url.origin != request.url.origin {
            for name in Self.credentialNames { next.fields.remove(name) }
        }
        return next
    }
}
