internal import MirrorCore
internal import MirrorSystem

/// A connection's bytes in both directions, in the clear or over TLS. Belongs to one loop; a task
/// there uses it.
// Safe: used on its channel's loop only, which the channel asserts.
final class ByteStream: @unchecked Sendable {
    let channel: Channel
    private var tls: TLSSession?

    /// How much of a file is sent before other connections of the loop get their turn, in bytes.
    private static let fileSlice = 1 << 20
    /// The same of what must be read and encrypted: so much memory does a client take that is
    /// slow to receive.
    private static let secureByteLimit = 64 << 10

    init(_ channel: Channel) {
        self.channel = channel
    }

    /// Makes the connection a secure one, which takes at most until `deadline`. Nothing may have
    /// been received and left unread before.
    func secure(by session: TLSSession, deadline: Deadline) async throws(TransportError) {
        while true {
            if channel.isClosed { throw .aborted }
            guard case .needs(let direction) = try session.handshake() else { break }
            if deadline.hasPassed { throw .timedOut }
            channel.exhaust(direction)
            try await channel.wait(for: direction, timeout: deadline.remaining)
        }
        tls = session
    }

    /// Receives what is there into `buffer` from index `start` on; waits for the first byte, at
    /// most for `timeout`. 0 means that the peer has ended.
    func receive(
        into buffer: inout [UInt8], from start: Int, timeout: Duration
    ) async throws(TransportError) -> Int {
        while true {
            if let count = try receiveNow(into: &buffer, from: start) { return count }
            try await channel.wait(for: .reading, timeout: timeout)
        }
    }

    /// Receives a block of its own: waits for the first byte at most `timeout`, then takes what
    /// else is there, up to `limit` bytes. Empty means that the peer has ended.
    func receive(limit: Int, timeout: Duration) async throws(TransportError) -> [UInt8] {
        if !mayReceive { try await channel.wait(for: .reading, timeout: timeout) }
        var block = [UInt8](repeating: 0, count: limit)
        var count = try await receive(into: &block, from: 0, timeout: timeout)
        if count == 0 { return [] }
        while count < limit, let more = try receiveNow(into: &block, from: count), more > 0 {
            count += more
        }
        block.removeSubrange(count...)
        return block
    }

    /// Receives without waiting; nil when nothing is there yet.
    func receiveNow(
        into buffer: inout [UInt8], from start: Int
    ) throws(TransportError) -> Int? {
        guard mayReceive else { return nil }
        if let tls { return try receiveNow(tls, into: &buffer, from: start) }
        switch try moving({ () throws(SystemError) in
            try StreamSocket.receive(channel.descriptor, into: &buffer, from: start)
        }) {
        case .wouldBlock:
            channel.exhaust(.reading)
            return nil
        case .moved(let count):
            // Edge-triggered: a short read has emptied the socket, unless its end is due too.
            if count < buffer.count - start, !channel.isHungUp { channel.exhaust(.reading) }
            return count
        }
    }

    /// Whether it makes sense to try to receive.
    private var mayReceive: Bool {
        channel.isReadable || tls?.hasPending ?? false
    }

    private func receiveNow(
        _ tls: TLSSession, into buffer: inout [UInt8], from start: Int
    ) throws(TransportError) -> Int? {
        if channel.isClosed { throw .aborted }
        switch try tls.receive(into: &buffer, from: start) {
        case .moved(let count):
            if tls.hasEmptiedSocket, !channel.isHungUp { channel.exhaust(.reading) }
            return count
        case .needs(.reading):
            channel.exhaust(.reading)
            return nil
        case .needs(.writing):
            // TLS itself has an answer to send, for which the peer leaves no room.
            throw .broken("TLS: the peer does not read what it asked for")
        }
    }

    /// Sends all of `bytes`; waits for room at most `timeout` at a time.
    func send(
        _ bytes: [UInt8], isMoreComing: Bool = false, timeout: Duration
    ) async throws(TransportError) {
        if let tls { return try await send(bytes, over: tls, timeout: timeout) }
        var sent = 0
        while sent < bytes.count {
            switch try moving({ () throws(SystemError) in
                try StreamSocket.send(
                    channel.descriptor, bytes, from: sent, isMoreComing: isMoreComing)
            }) {
            case .moved(let count): sent += count
            case .wouldBlock:
                channel.exhaust(.writing)
                try await channel.wait(for: .writing, timeout: timeout)
            }
        }
    }

    private func send(
        _ bytes: [UInt8], over tls: TLSSession, timeout: Duration
    ) async throws(TransportError) {
        var sent = 0
        while sent < bytes.count {
            if channel.isClosed { throw .aborted }
            switch try tls.send(bytes, from: sent) {
            case .moved(let count): sent += count
            case .needs(let direction):
                channel.exhaust(direction)
                try await channel.wait(for: direction, timeout: timeout)
            }
        }
    }

    /// Sends all of `head` and then all of `region`; waits for room at most `timeout` at a time.
    ///
    /// - Throws: ``TransportError/unreadable(_:)`` when it is the file that fails.
    func send(
        _ head: [UInt8], then region: FileRegion, timeout: Duration
    ) async throws(TransportError) {
        if let tls { return try await send(head, then: region, over: tls, timeout: timeout) }
        if !head.isEmpty { try await send(head, isMoreComing: true, timeout: timeout) }
        var offset = region.range.lowerBound
        while offset < region.range.upperBound {
            let count = Int(min(region.range.upperBound - offset, Int64(Self.fileSlice)))
            switch try moving({ () throws(SystemError) in
                try StreamSocket.sendFile(
                    channel.descriptor, region.file, offset: offset, count: count)
            }) {
            case .moved(0): throw .unreadable("the stored file is shorter than it was")
            case .moved(let moved):
                offset += Int64(moved)
                // A fast client must not keep the loop to itself.
                if offset < region.range.upperBound { await Task.yield() }
            case .wouldBlock:
                channel.exhaust(.writing)
                try await channel.wait(for: .writing, timeout: timeout)
            }
        }
    }

    /// What the kernel cannot send by itself is read block by block, and the first block leaves
    /// together with the head.
    private func send(
        _ head: [UInt8], then region: FileRegion, over tls: TLSSession, timeout: Duration
    ) async throws(TransportError) {
        var block = head
        var offset = region.range.lowerBound
        while offset < region.range.upperBound {
            let limit = Int(min(region.range.upperBound - offset, Int64(Self.secureByteLimit)))
            let bytes = try read(region.file, at: offset, limit: limit)
            offset += Int64(bytes.count)
            if block.isEmpty { block = bytes } else { block += bytes }
            try await send(block, over: tls, timeout: timeout)
            block = []
            if offset < region.range.upperBound { await Task.yield() }
        }
        if !block.isEmpty { try await send(block, over: tls, timeout: timeout) }
    }

    private func read(
        _ file: SharedFile, at offset: Int64, limit: Int
    ) throws(TransportError) -> [UInt8] {
        do throws(SystemError) {
            let bytes = try file.read(at: offset, limit: limit)
            if !bytes.isEmpty { return bytes }
        } catch {
            throw error.isDamage ? .unreadable("\(error)") : .broken("\(error)")
        }
        throw .unreadable("the stored file is shorter than it was")
    }

    /// Tells the peer that nothing more comes; it can still send.
    func endSending() {
        if channel.isClosed { return }
        tls?.close()
        StreamSocket.endSending(channel.descriptor)
    }

    func close() {
        if !channel.isClosed { tls?.close() }
        channel.close()
    }

    /// Closes so that the peer sees a broken connection, not the end of what was sent.
    func breakOff() {
        if !channel.isClosed { StreamSocket.breakAtClose(channel.descriptor) }
        channel.close()
    }

    private func moving(
        _ call: () throws(SystemError) -> StreamSocket.Progress
    ) throws(TransportError) -> StreamSocket.Progress {
        if channel.isClosed { throw .aborted }
        do {
            return try call()
        } catch {
            // Of a socket the kernel says no such thing.
            throw error.isDamage ? .unreadable("\(error)") : .broken("\(error)")
        }
    }
}
