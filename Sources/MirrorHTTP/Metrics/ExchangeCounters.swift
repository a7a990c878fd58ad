internal import MirrorCore
internal import MirrorSystem

/// What one loop of a server has been asked and has sent. Added to on that loop alone, and read
/// from anywhere.
//
// One row of cells for each handler:
//   in flight | bytes passed on | requests by method and status | time by method | sizes
final class ExchangeCounters: Sendable {
    /// A request that is being answered.
    struct Mark {
        fileprivate let row: Int
        fileprivate let method: Int
        fileprivate let requestByteCount: Int
    }

    private static let methods = ["get", "head", "post", "put", "patch", "delete", "unknown"]
    private static let statuses = [
        200, 206, 301, 304, 400, 401, 403, 404, 405, 408, 413, 414, 416, 417, 429, 431, 500, 501,
        502, 503, 505, 0,
    ]
    private static let times = HistogramBounds.seconds
    private static let sizes = HistogramBounds.bytes

    /// Where in a row the cells of each kind begin.
    private struct Layout {
        let passedOn = 1
        let requests = 2
        let statusCount = ExchangeCounters.statuses.count
        let timeCellCount = ExchangeCounters.times.cellCount
        let durations: Int
        let requestSizes: Int
        let responseSizes: Int
        let rowLength: Int

        init() {
            durations = requests + ExchangeCounters.methods.count * statusCount
            requestSizes = durations + ExchangeCounters.methods.count * timeCellCount
            responseSizes = requestSizes + ExchangeCounters.sizes.cellCount
            rowLength = responseSizes + ExchangeCounters.sizes.cellCount
        }
    }

    private let handlers: any RequestHandlers
    private let cells: AtomicCells
    private let layout = Layout()
    private let timeBounds = times.values
    private let sizeBounds = sizes.values
    /// The places of statuses, by status.
    private let placeOfStatus: [Int]

    init(_ handlers: any RequestHandlers) {
        self.handlers = handlers
        cells = AtomicCells(count: handlers.names.count * layout.rowLength, isShared: false)
        var places = [Int](repeating: Self.statuses.count - 1, count: 600)
        for (place, status) in Self.statuses.enumerated() { places[status] = place }
        placeOfStatus = places
    }

    /// A request came, whose head has that many bytes.
    func begin(_ head: RequestHead, headByteCount: Int) -> Mark {
        let row = handlers.place(of: head) * layout.rowLength
        cells.addAlone(1, at: row)
        return Mark(
            row: row, method: Self.place(of: head.method), requestByteCount: headByteCount)
    }

    /// A request will not be answered: its connection has ended.
    func abandon(_ mark: Mark) {
        cells.addAlone(-1, at: mark.row)
    }

    /// A request was answered, well or not.
    func end(_ mark: Mark, _ status: HTTPStatus, bytesSent: Int64, after time: Duration) {
        let row = mark.row
        cells.addAlone(-1, at: row)
        if status.code < 400 { cells.addAlone(bytesSent, at: row + layout.passedOn) }
        let code = status.code >= 0 && status.code < placeOfStatus.count ? status.code : 0
        let place = mark.method * layout.statusCount + placeOfStatus[code]
        cells.addAlone(1, at: row + layout.requests + place)
        record(
            time.nanoseconds, timeBounds,
            at: row + layout.durations + mark.method * layout.timeCellCount)
        record(Int64(mark.requestByteCount), sizeBounds, at: row + layout.requestSizes)
        record(bytesSent, sizeBounds, at: row + layout.responseSizes)
    }

    private func record(_ amount: Int64, _ bounds: [Int64], at start: Int) {
        var place = 0
        while place < bounds.count, bounds[place] < amount { place += 1 }
        cells.addAlone(1, at: start + place)
        cells.addAlone(amount, at: start + bounds.count + 1)
    }

    private static func place(of method: HTTPMethod) -> Int {
        switch method {
        case .get: 0
        case .head: 1
        case .other("POST"): 2
        case .other("PUT"): 3
        case .other("PATCH"): 4
        case .other("DELETE"): 5
        case .other: 6
        }
    }
}

// MARK: As numbers

extension ExchangeCounters: MetricSource {
    var metrics: [MetricFamily] {
        [requestCounts, durations, inFlight, requestSizes, responseSizes, passedOn]
    }

    private var rows: [(handler: String, start: Int)] {
        handlers.names.enumerated().map { ($1, $0 * layout.rowLength) }
    }

    private var requestCounts: MetricFamily {
        var family = MetricFamily(
            .counter, "registry_http_requests_total", "Requests that were answered.",
            by: "handler", "method", "code")
        for (handler, start) in rows {
            for (method, name) in Self.methods.enumerated() {
                for (place, status) in Self.statuses.enumerated() {
                    let index = layout.requests + method * layout.statusCount + place
                    let count = cells[start + index]
                    let code = status == 0 ? "other" : "\(status)"
                    if count > 0 { family.add(.count(count), handler, name, code) }
                }
            }
        }
        return family
    }

    private var durations: MetricFamily {
        var family = MetricFamily(
            .histogram, "registry_http_request_duration_seconds",
            "From the end of a request's head to the end of its answer.", by: "handler", "method")
        for (handler, start) in rows {
            for (method, name) in Self.methods.enumerated() {
                let index = start + layout.durations + method * layout.timeCellCount
                let distribution = Self.times.distribution { cells[index + $0] }
                if distribution.count > 0 {
                    family.add(.distribution(distribution), handler, name)
                }
            }
        }
        return family
    }

    private var inFlight: MetricFamily {
        var family = MetricFamily(
            .gauge, "registry_http_in_flight_requests", "Requests that are being answered.",
            by: "handler")
        for (handler, start) in rows { family.add(.count(cells[start]), handler) }
        return family
    }

    private var requestSizes: MetricFamily {
        sizes(
            "registry_http_request_size_bytes", "Bytes of requests' heads.", at: layout.requestSizes
        )
    }

    private var responseSizes: MetricFamily {
        sizes(
            "registry_http_response_size_bytes", "Bytes of answers' bodies that were sent.",
            at: layout.responseSizes)
    }

    private func sizes(_ name: String, _ help: String, at place: Int) -> MetricFamily {
        var family = MetricFamily(.histogram, name, help, by: "handler")
        for (handler, start) in rows {
            let distribution = Self.sizes.distribution { cells[start + place + $0] }
            if distribution.count > 0 { family.add(.distribution(distribution), handler) }
        }
        return family
    }

    private var passedOn: MetricFamily {
        var family = MetricFamily(
            .counter, "registry_proxy_pushed_bytes_total",
            "Bytes of manifests and blobs that clients were sent.", by: "type")
        for (handler, start) in rows where handler == "manifest" || handler == "blob" {
            family.add(.count(cells[start + layout.passedOn]), handler)
        }
        return family
    }
}
