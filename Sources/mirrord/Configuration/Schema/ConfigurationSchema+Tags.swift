extension ConfigurationSchema {
    /// When an upstream is asked for its tags.
    static let tags = ConfigurationKey.section(
        "tags",
        ConfigurationKey.values(
            "maxage stalewhilerevalidate staleiferror keepgone notfoundmaxage") + [
                .list("immutable")
            ])
}
