// Sources: Access/Tokens/SignedToken.swift Access/Tokens/TokenClaims.swift
// Sources: Access/Tokens/JSONWebKey.swift Access/AccessResource.swift Client/Base64.swift
// Modules: MirrorSystem MirrorCore
// A token as it comes, and one of the header that stands in the first line and of the claims behind
// it. Whatever is read is read of what was signed, holds at no time before nor after its own, and
// has a key that is one.

internal import MirrorCore
internal import MirrorSystem

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzToken(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    check(String(decoding: bytes, as: UTF8.self))
    let parts = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { check("\(encoded(parts[0])).\(encoded(parts[1])).AAAA") }
    return 0
}

private func check(_ text: String) {
    guard let token = SignedToken(text) else { return }
    let dots = text.utf8.indices.filter { text.utf8[$0] == UInt8(ascii: ".") }
    precondition(dots.count == 2, "not three parts")
    precondition(token.signedBytes == Array(text.utf8[..<dots[1]]), "something else was signed")
    precondition(SignedToken(text + "=") == nil && SignedToken(text + ".") == nil, "read longer")
    let claims = token.claims
    let isEver = [WallTime.seconds(-60), .seconds(0), .seconds(1 << 31), .distantFuture].contains {
        claims.isGood(at: $0)
    }
    let resource = AccessResource(type: "repository", name: "a", action: "pull")
    _ = (isEver, claims.isFor("a"), claims.allows(resource))
    if let key = token.header.jwk?.key {
        precondition(!key.verifies(token.signature, of: [], by: .edDSA), "signed by chance")
    }
}

private func encoded(_ bytes: ArraySlice<UInt8>) -> String {
    base64(Array(bytes)).split(separator: "=").joined().map {
        $0 == "+" ? "-" : $0 == "/" ? "_" : String($0)
    }.joined()
}
