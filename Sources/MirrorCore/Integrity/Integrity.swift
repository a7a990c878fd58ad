/// All that watches over what is held, joined.
struct Integrity: Sendable {
    let counters = IntegrityCounters()
    /// What is known of sizes. Whoever else learns of them says so here.
    let sizes = KnownSizes()
    let reads = ReadActivity()
    /// What is served from is opened here.
    let sound: SoundStore
    let scrub: Scrub

    init(
        of store: ContentStore, scrub settings: ScrubSettings, fills: FillTable,
        turns: DigestTurns, time: any TimeSource, logger: Logger,
        atHand: DamageControl.ContentAtHand
    ) {
        let damage = DamageControl(
            store.driver, turns: turns, counters: counters, time: time, logger: logger,
            atHand: atHand)
        sound = SoundStore(store, damage: damage, sizes: sizes)
        scrub = Scrub(
            settings: settings, store: store, sound: sound, damage: damage, fills: fills,
            reads: reads, counters: counters, time: time, logger: logger)
    }
}
