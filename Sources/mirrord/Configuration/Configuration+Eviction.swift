import MirrorCore

extension Configuration {
    /// Whether anything is removed: as the reference has it, or since what is to be removed is
    /// said. What could not be fetched again never is.
    var mayDelete: Bool {
        guard proxy.remoteURL != nil else { return false }
        return storage.isDeletionEnabled
            || ([proxy] + upstreams).contains { $0.eviction.isSaid }
    }

    /// How what is held is looked after.
    var cacheOptions: RegistryMirror.Options {
        var options = RegistryMirror.Options()
        options.scrub = storage.scrub
        options.leftovers = storage.leftovers
        if let timeToLive = proxy.timeToLive { options.referenceTimeToLive = timeToLive }
        options.upstreamLabels = UpstreamLabels(
            main: proxy.label, others: upstreams.compactMap(\.nameAmongOthers))
        options.pins = upstreams.reduce(proxy.eviction.pins) { pins, upstream in
            guard let name = upstream.nameAmongOthers else { return pins }
            return pins.union(upstream.eviction.pins.below(name))
        }
        return options
    }

    /// What bounds all content together.
    var storeLimits: StoreLimits {
        let eviction = proxy.eviction
        return StoreLimits(
            maxSize: eviction.maxSize, minFree: eviction.minFree, headroom: eviction.headroom)
    }
}

extension Configuration.Upstream {
    /// How long, and how much of, this registry's content is kept.
    ///
    /// - Parameter isMain: whether it is the main one, whose size bounds all content.
    func evictionPolicy(isMain: Bool) -> EvictionPolicy {
        EvictionPolicy(
            timeToLive: timeToLive, maxAge: eviction.maxAge,
            maxSize: isMain ? nil : eviction.maxSize)
    }
}
