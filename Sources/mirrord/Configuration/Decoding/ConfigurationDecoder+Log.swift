import MirrorCore

extension ConfigurationDecoder {
    mutating func log(_ root: ConfigurationSection) -> Configuration.Log {
        var log = Configuration.Log()
        let section = root.section("log")
        let levels = [
            ("error", LogLevel.error), ("warn", .warning), ("warning", .warning),
            ("info", .info), ("debug", .debug),
        ]
        let oldLevel = choice("loglevel", in: root, levels)
        if let position = root.position(of: "loglevel") {
            warn("loglevel is an old name: write level under log", at: position)
        }
        log.level = choice("level", in: section, levels) ?? oldLevel ?? log.level
        log.formatter =
            choice(
                "formatter", in: section,
                Configuration.Log.Formatter.allCases.map { ($0.rawValue, $0) }) ?? log.formatter
        log.fields = fields(section)
        log.isAccessLogEnabled = flag("disabled", in: section?.section("accesslog")) != true
        return log
    }

    private func fields(_ log: ConfigurationSection?) -> [LogField] {
        guard let node = log?["fields"], case .mapping(let entries) = node.content else {
            return []
        }
        return entries.compactMap { entry in
            guard let name = entry.key.scalar?.text else { return nil }
            // A list or a mapping is written as one text, as in the reference.
            guard let scalar = entry.value.scalar else {
                return LogField(name, YAMLText.line(entry.value))
            }
            let value: LogValue =
                switch scalar.value {
                case .int(let number): .int(number)
                case .bool(let flag): .bool(flag)
                case .null, .float, .string: .string(scalar.text)
                }
            return LogField(name, value)
        }
    }
}
