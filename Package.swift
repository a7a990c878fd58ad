// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules: Swift 6 concurrency checks, memory-safety
/// checks, and no warning left standing.
///
/// MemberImportVisibility is left out: the members of a C structure belong to whichever of the C
/// modules happened to be read first, so that a build would succeed or fail by its order.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

// Arrows point one way: mirrord → MirrorHTTP → MirrorCore → MirrorSystem → the C modules.
let package = Package(
    name: "mirrord",
    products: [
        .library(name: "MirrorCore", targets: ["MirrorCore"]),
        .library(name: "MirrorHTTP", targets: ["MirrorHTTP"]),
        .library(name: "MirrorTesting", targets: ["MirrorTesting"]),
        .executable(name: "mirrord", targets: ["mirrord"]),
    ],
    targets: [
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(
            name: "MirrorSystem", dependencies: ["CLinux", "COpenSSL", "CZlib"],
            swiftSettings: strict),
        .target(name: "MirrorCore", dependencies: ["MirrorSystem"], swiftSettings: strict),
        .target(
            name: "MirrorHTTP", dependencies: ["MirrorCore", "MirrorSystem", "COpenSSL"],
            swiftSettings: strict),
        .target(
            name: "MirrorTesting", dependencies: ["MirrorCore", "MirrorHTTP", "MirrorSystem"],
            swiftSettings: strict),
        .executableTarget(
            name: "mirrord", dependencies: ["MirrorCore", "MirrorHTTP", "MirrorSystem"],
            swiftSettings: strict),

        .testTarget(
            name: "MirrorSystemTests", dependencies: ["MirrorSystem"], swiftSettings: strict),
        .testTarget(
            name: "MirrorCoreTests", dependencies: ["MirrorCore", "MirrorTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "MirrorHTTPTests",
            dependencies: ["MirrorHTTP", "MirrorSystem", "MirrorTesting", "COpenSSL"],
            swiftSettings: strict),
        .testTarget(
            name: "MirrordTests",
            dependencies: ["mirrord", "MirrorCore", "MirrorHTTP", "MirrorSystem", "MirrorTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "DocumentationTests",
            dependencies: ["mirrord", "MirrorCore", "MirrorHTTP", "MirrorTesting"],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ]
)
