import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// A mirror whose upstream does not answer at all.
@Suite(.timeLimit(.minutes(10))) struct UpstreamDownTests {
    private let upstream: ScriptedUpstream
    private let folder: TemporaryFolder
    private let image = SampleImage(seed: 8)
    private let tag = "/v2/library/app/manifests/latest"

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
        folder = try TemporaryFolder()
    }

    private func makeMirror() async throws -> ServedMirror {
        try await ServedMirror(of: upstream, over: try FileSystemDriver(root: folder.path))
    }

    private func pull(through mirror: ServedMirror) async throws {
        #expect(try await mirror.ask("GET \(tag)")["Warning"] == nil)
        for blob in image.blobs { #expect(try await mirror.pull(blob).receiveRest()) }
    }

    private func expectAllHeld(by mirror: ServedMirror) async throws {
        for method in ["GET", "HEAD"] {
            let answer = try await mirror.ask("\(method) \(tag)")
            #expect(answer.status == 200)
            #expect(answer["Docker-Content-Digest"] == image.manifest.digest.text)
            #expect(answer["Warning"]?.hasPrefix("299 - \"this may not be current") == true)
            #expect(answer.body == (method == "GET" ? image.manifest.bytes : []))
        }
        let digest = image.manifest.digest
        let manifest = try await mirror.ask("GET /v2/library/app/manifests/\(digest)")
        #expect(manifest.body == image.manifest.bytes)
        #expect(manifest["Warning"] == nil)
        for blob in image.blobs { #expect(try await mirror.pull(blob).receiveRest()) }
        let tags = try await mirror.ask("GET /v2/library/app/tags/list")
        #expect(tags.text == "{\"name\":\"library/app\",\"tags\":[\"latest\"]}\n")
        #expect(tags["Warning"] != nil)
    }

    @Test func whatIsHeldIsServedWithAWarningWhereItMayBeOld() async throws {
        let mirror = try await makeMirror()
        try await pull(through: mirror)
        upstream.stop()
        try await expectAllHeld(by: mirror)
    }

    @Test func whatIsHeldIsServedAfterARestartToo() async throws {
        let first = try await makeMirror()
        try await pull(through: first)
        await first.stop()
        upstream.stop()
        try await expectAllHeld(by: try await makeMirror())
    }

    @Test func whatIsNotHeldIsUnavailableRatherThanUnknown() async throws {
        upstream.stop()
        let mirror = try await makeMirror()
        for target in [tag, ServedMirror.path(of: image.config), "/v2/library/app/tags/list"] {
            let answer = try await mirror.ask("GET \(target)")
            #expect(answer.status == 503)
            #expect(answer.text.contains("UNAVAILABLE"))
        }
    }

    @Test func aTagIsFollowedAgainAsSoonAsUpstreamIsBack() async throws {
        let mirror = try await makeMirror()
        try await pull(through: mirror)
        let next = SampleImage(seed: 9)
        upstream.add(next, to: "library/app", tags: "latest")
        upstream.stop()
        #expect(try await mirror.ask("GET \(tag)").body == image.manifest.bytes)
        try upstream.restart()
        let answer = try await mirror.ask("GET \(tag)")
        #expect(answer.body == next.manifest.bytes)
        #expect(answer["Warning"] == nil)
    }
}
