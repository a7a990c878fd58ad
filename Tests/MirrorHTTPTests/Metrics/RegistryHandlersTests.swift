import Testing

@testable import MirrorHTTP

private let digest = "sha256:" + String(repeating: "7f", count: 32)

@Suite struct RegistryHandlersTests {
    @Test(arguments: [
        ("/v2/", "base"), ("/v2/?ns=ghcr.io", "base"), ("/registry/v2/", "base"),
        ("/v2/_catalog", "catalog"), ("/v2/_catalog?n=3", "catalog"),
        ("/v2/library/app/manifests/latest", "manifest"),
        ("/v2/a/manifests/sha256:00?ns=docker.io", "manifest"),
        ("/v2/library/app/blobs/sha256:00", "blob"), ("/v2/a/tags/list", "tags"),
        ("/v2/a/tags/list?n=10&last=b/c", "tags"), ("/v2/a/blobs/uploads/", "blob_upload"),
        ("/v2/a/blobs/uploads", "blob_upload"), ("/v2/a/referrers/sha256:00", "referrers"),
        ("/v2/a/manifests/\(digest)", "manifest"), ("/v2/a/blobs/\(digest)?ns=b/c", "blob"),
        ("/v2/a/blobs/\(digest)?ns=docker.io", "blob"), ("/v2/a/\(digest)", "other"),
        ("/", "other"), ("", "other"), ("*", "other"), ("/v2", "other"), ("/v2/x", "other"),
        ("/favicon.ico", "other"),
    ])
    func aRequestIsForOnePartOfTheAPI(_ target: String, _ name: String) {
        let handlers = RegistryHandlers()
        let place = handlers.place(of: RequestHead(method: .get, target: target))
        #expect(handlers.names[place] == name)
    }

    @Test func theLastPartIsThatOfAllElse() {
        #expect(RegistryHandlers().names.last == "other")
    }
}
