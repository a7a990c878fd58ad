import MirrorCore

extension ConfigurationDecoder {
    /// How much of one registry is kept; for the main one, how much of all.
    mutating func eviction(
        _ upstream: ConfigurationSection
    ) -> Configuration.Upstream.Eviction {
        var eviction = Configuration.Upstream.Eviction()
        guard let section = upstream.section("eviction") else { return eviction }
        eviction.maxSize = byteCount("maxsize", in: section)
        eviction.minFree = freeSpace("minfree", in: section)
        eviction.headroom = fraction("headroom", in: section) ?? eviction.headroom
        eviction.maxAge = age("maxage", in: section).flatMap { $0 > .zero ? $0 : nil }
        eviction.pins = pins("pin", in: section)
        return eviction
    }

    /// An amount of bytes, or a part of the whole disk.
    private mutating func freeSpace(
        _ name: String, in section: ConfigurationSection
    ) -> StoreLimits.FreeSpace? {
        guard let scalar = section[name]?.scalar else { return nil }
        if scalar.text.hasSuffix("%") { return fraction(name, in: section).map { .fraction($0) } }
        return byteCount(name, in: section).map { .bytes($0) }
    }

    private mutating func pins(
        _ name: String, in section: ConfigurationSection
    ) -> ImagePatterns {
        let images = texts(name, in: section) { text in
            ImagePatterns([text]) == nil ? "an image such as library/alpine:3.*" : nil
        }
        return ImagePatterns(images) ?? ImagePatterns()
    }
}
