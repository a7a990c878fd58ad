extension ConfigurationDecoder {
    /// How long pages of lists are.
    mutating func lists(_ root: ConfigurationSection) -> Configuration.Lists {
        var lists = Configuration.Lists()
        // As in the reference, less than one is no number of repositories, and 0 none of tags.
        let repositories = number("maxentries", in: root.section("catalog"), -1...1_000_000_000)
        if let repositories, repositories > 0 { lists.maxRepositories = repositories }
        let tags = number("maxtags", in: root.section("tags"), 0...1_000_000_000)
        if let tags, tags > 0 { lists.maxTags = tags }
        return lists
    }
}
