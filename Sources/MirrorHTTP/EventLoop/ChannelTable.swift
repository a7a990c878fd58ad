/// The descriptors of one loop by token.
///
/// A token is a slot and the slot's generation, so an event that the kernel had ready for a
/// descriptor closed meanwhile finds nothing, even when slot and descriptor are in use again.
struct ChannelTable {
    private struct Slot {
        var generation: UInt32 = 0
        var handler: (any ReadinessHandler)?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    subscript(token: UInt64) -> (any ReadinessHandler)? {
        let slot = slots[Int(token & 0xffff_ffff)]
        return slot.generation == UInt32(token >> 32) ? slot.handler : nil
    }

    mutating func insert(_ handler: any ReadinessHandler) -> UInt64 {
        let index = free.popLast() ?? UInt32(slots.count)
        if index == slots.count { slots.append(Slot()) }
        slots[Int(index)].handler = handler
        return UInt64(slots[Int(index)].generation) << 32 | UInt64(index)
    }

    mutating func remove(_ token: UInt64) {
        let index = Int(token & 0xffff_ffff)
        guard slots[index].generation == UInt32(token >> 32) else { return }
        slots[index].handler = nil
        // Half of the range: the all-ones token is the wake-up's own.
        slots[index].generation = (slots[index].generation &+ 1) & 0x7fff_ffff
        free.append(UInt32(index))
    }
}
