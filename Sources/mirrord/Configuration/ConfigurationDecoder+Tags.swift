import MirrorCore

extension ConfigurationDecoder {
    /// When an upstream is asked for its tags, as the section of the upstream has it.
    mutating func tags(_ proxy: ConfigurationSection?) -> FreshnessPolicy {
        var policy = FreshnessPolicy()
        guard let section = proxy?.section("tags") else { return policy }
        policy.maxAge = age("maxage", in: section) ?? policy.maxAge
        policy.staleWhileRevalidate =
            age("stalewhilerevalidate", in: section) ?? policy.staleWhileRevalidate
        policy.staleIfError = age("staleiferror", in: section) ?? policy.staleIfError
        policy.keepsGone = flag("keepgone", in: section) ?? policy.keepsGone
        policy.notFoundMaxAge = age("notfoundmaxage", in: section) ?? policy.notFoundMaxAge
        policy.immutable = patterns("immutable", in: section)
        return policy
    }

    /// An amount of time that is not negative.
    mutating func age(_ name: String, in section: ConfigurationSection) -> Duration? {
        let age = duration(name, in: section)
        if let age, age < .zero, let position = section[name]?.position {
            error("\(section.path(of: name)) cannot be negative", at: position)
        }
        return age
    }

    private mutating func patterns(
        _ name: String, in section: ConfigurationSection
    ) -> TagPatterns {
        guard case .sequence(let items) = section[name]?.content else { return TagPatterns() }
        var texts: [String] = []
        for item in items {
            guard let text = item.scalar?.text else { continue }
            do throws(InvalidTagPattern) {
                _ = try TagPatterns([text])
                texts.append(text)
            } catch {
                self.error(
                    "\(section.path(of: name)) holds what is no regular expression: "
                        + error.reason, at: item.position)
            }
        }
        return (try? TagPatterns(texts)) ?? TagPatterns()
    }
}
