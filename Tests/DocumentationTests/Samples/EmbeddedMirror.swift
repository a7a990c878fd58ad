import MirrorCore
import MirrorHTTP

/// The sample of README.md, with a place to keep content that a test can choose.
func serveEmbeddedMirror(
    of url: String, in directory: String, until isDone: (String) async throws -> Void
) async throws {
    guard let upstream = HTTPURL(url) else { throw StartError("not a URL: \(url)") }
    // sample
    let loops = try EventLoopGroup()
    let mirror = RegistryMirror(
        storage: try FileSystemDriver(root: directory),
        upstream: RegistryUpstream(upstream, client: HTTPClient(group: loops)),
        eviction: ImageScheduler(timeToLive: .seconds(7 * 24 * 3600)), mayDelete: true)
    mirror.start()
    let server = try await HTTPServer(
        at: .tcp(host: "127.0.0.1", port: 0), on: loops,
        responder: RegistryResponder(mirror))
    // end of sample
    try await isDone(server.address)
    // sample
    await server.stop(drainingFor: .seconds(10))
    await mirror.stop()
    loops.stop()
    // end of sample
}

/// Asks a mirror without any server.
func manifest(
    of name: String, tagged tag: String, from mirror: RegistryMirror
) async throws -> [UInt8] {
    guard let name = RepositoryName(name), let tag = Tag(tag) else { return [] }
    // sample
    let answer = try await mirror.manifest(.tag(tag), in: name)
    let bytes = answer.content.bytes
    // end of sample
    return bytes
}
