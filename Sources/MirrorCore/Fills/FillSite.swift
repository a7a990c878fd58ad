/// Where a fill is carried out: what all its parts need.
struct FillSite: Sendable {
    let fill: Fill
    let repository: RepositoryName
    let context: CacheContext
    let tracer: FillTracer

    /// - Parameter repository: what upstream is asked for the blob in.
    init(_ fill: Fill, for repository: RepositoryName, _ context: CacheContext) {
        self.fill = fill
        self.repository = repository
        self.context = context
        tracer = FillTracer(fill, for: repository, context)
    }

    var store: ContentStore { context.store }
    var sound: SoundStore { context.sound }
    var upstream: any UpstreamFetcher { context.upstream }
    var turns: DigestTurns { context.turns }
    var memory: SpillMemory { context.memory }
    var time: any TimeSource { context.time }
    var logger: Logger { context.logger }
}
