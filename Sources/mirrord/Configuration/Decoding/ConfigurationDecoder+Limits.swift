import MirrorCore

extension ConfigurationDecoder {
    /// How much one registry is asked for.
    mutating func limits(_ upstream: ConfigurationSection?) -> UpstreamLimits {
        var limits = UpstreamLimits()
        let section = upstream?.section("limits")
        limits.concurrency = number("concurrency", in: section, 0...65_535) ?? limits.concurrency
        limits.bandwidth = byteCount("bandwidth", in: section) ?? limits.bandwidth
        limits.scarceBelow = fraction("scarcebelow", in: section) ?? limits.scarceBelow
        limits.failures = number("failures", in: section, 0...65_535) ?? limits.failures
        return limits
    }

    /// An amount of bytes.
    mutating func byteCount(_ name: String, in section: ConfigurationSection?) -> Int64? {
        guard let section, let node = section[name], let scalar = node.scalar else { return nil }
        if let count = ByteAmount.parse(scalar.text) { return count }
        expected("an amount of bytes such as 50GiB or 500MB", section.path(of: name), node)
        return nil
    }

    /// A part of a whole, as a number from 0 to 1.
    mutating func fraction(_ name: String, in section: ConfigurationSection?) -> Double? {
        guard let section, let node = section[name], let scalar = node.scalar else { return nil }
        let number = YAMLCoreSchema.float(String(scalar.text.dropLast()))
        if scalar.text.hasSuffix("%"), let number, (0...100).contains(number) {
            return number / 100
        }
        expected("a percentage such as 10%", section.path(of: name), node)
        return nil
    }
}
