import MirrorCore
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct TokenCacheTests {
    private let loop = TestLoops.group.loops[0]
    private let service = TokensUnderTest()
    private let key: TokenKey

    init() throws {
        key = TokenKey(
            realm: try #require(HTTPURL("https://auth.test/token")), service: "s", scope: "a",
            isForAccount: true)
    }

    private func token(_ cache: TokenCache, for key: TokenKey) async throws -> TokenCache.Found {
        let (loop, service) = (loop, service)
        let found = try await loop.run { () async throws(UpstreamError) in
            try await cache.token(for: key, on: loop, deadline: Deadline(in: .seconds(30))) {
                service.next()
            }
        }
        return try #require(found)
    }

    @Test func aTokenIsHeldForItsLifetime() async throws {
        let cache = service.cache()
        let first = try await token(cache, for: key)
        #expect(first.secret == Secret("token-1"))
        #expect(first.isNew)
        service.advance(by: 289_999_999_999)
        let held = try await token(cache, for: key)
        #expect(held.secret == Secret("token-1"))
        #expect(!held.isNew)
        service.advance(by: 1)
        #expect(try await token(cache, for: key).secret == Secret("token-2"))
    }

    @Test func eachScopeAndAccountHasItsOwn() async throws {
        let cache = service.cache()
        for isForAccount in [true, false] {
            for scope in ["a", "b"] {
                let other = TokenKey(
                    realm: key.realm, service: "s", scope: scope, isForAccount: isForAccount)
                #expect(try await token(cache, for: other).isNew)
            }
        }
        #expect(service.count == 4)
    }

    @Test func theTokensOfOneLoginAreForgottenTogether() async throws {
        let cache = service.cache()
        let (old, new) = (account("old"), account("new"))
        let scopes = (0..<4).map { number in
            TokenKey(realm: key.realm, service: "s", scope: "\(number)", isForAccount: true)
        }
        for (number, scope) in scopes.enumerated() {
            service.logIn(number < 2 ? old : new)
            #expect(try await token(cache, for: scope).login == (number < 2 ? old : new))
        }
        cache.dropAll(gotWith: old)
        service.logIn(new)
        for (number, scope) in scopes.enumerated() {
            #expect(try await token(cache, for: scope).isNew == (number < 2))
        }
    }

    @Test func withoutCredentialsThereIsNoTokenAndNothingIsRemembered() async throws {
        let cache = service.cache()
        let (loop, key) = (loop, key)
        for _ in 0..<2 {
            let found = try await loop.run { () async throws(UpstreamError) in
                try await cache.token(for: key, on: loop, deadline: Deadline(in: .seconds(30))) {
                    .success(nil)
                }
            }
            #expect(found == nil)
        }
        #expect(try await token(cache, for: key).isNew)
    }

    private func account(_ password: String) -> RegistryCredentials {
        RegistryCredentials(username: "me", password: Secret(password))
    }

    @Test func aTokenThatWasRefusedIsForgottenButNotItsSuccessor() async throws {
        let cache = service.cache()
        let refused = try await token(cache, for: key).secret
        cache.drop(refused, for: key)
        #expect(try await token(cache, for: key).secret == Secret("token-2"))
        cache.drop(refused, for: key)
        #expect(try await !token(cache, for: key).isNew)
        #expect(service.count == 2)
    }

    @Test func aFailureIsNotRemembered() async throws {
        let cache = service.cache()
        service.fail(with: UpstreamError(.unavailable, "down"))
        let error = await #expect(throws: UpstreamError.self) { try await token(cache, for: key) }
        #expect(error == UpstreamError(.unavailable, "down"))
        service.fail(with: nil)
        #expect(try await token(cache, for: key).secret == Secret("token-2"))
    }
}

/// A token service and the clock that its tokens end by.
private final class TokensUnderTest: Sendable {
    private struct State {
        var count = 0
        var error: UpstreamError?
        var login: RegistryCredentials?
        var now: UInt64 = 1
    }

    private let state = Mutex(State())

    /// How many tokens were asked for.
    var count: Int { state.withLock { $0.count } }

    func cache() -> TokenCache {
        TokenCache { self.state.withLock { $0.now } }
    }

    func advance(by nanoseconds: UInt64) {
        state.withLock { $0.now += nanoseconds }
    }

    /// Gives tokens to this account from now on.
    func logIn(_ login: RegistryCredentials) {
        state.withLock { $0.login = login }
    }

    /// Gives no tokens but this error; nil mends it.
    func fail(with error: UpstreamError?) {
        state.withLock { $0.error = error }
    }

    /// A token that says that it is valid for 300 seconds.
    func next() -> TokenCache.Outcome {
        state.withLock { state in
            state.count += 1
            if let error = state.error { return .failure(error) }
            let json = #"{"token":"token-\#(state.count)","expires_in":300}"#
            guard let token = RegistryToken(json: Array(json.utf8)) else {
                preconditionFailure("no token: \(json)")
            }
            return .success(GrantedToken(token: token, login: state.login))
        }
    }
}
