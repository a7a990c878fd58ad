/// A date and time of day in UTC, in the Gregorian calendar: pure arithmetic, no time zones and
/// no tables beyond the calendar's own 400-year cycle.
struct CivilDate: Hashable {
    var year: Int64
    /// 1 to 12.
    var month: Int64
    /// 1 to 31.
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64

    /// The date and time of day at that many seconds since the epoch.
    init(secondsSinceEpoch: Int64) {
        let days = Self.floorDivide(secondsSinceEpoch, by: Self.secondsPerDay)
        let secondOfDay = secondsSinceEpoch - days * Self.secondsPerDay
        // Years are counted from March, so that the leap day comes last and month lengths follow
        // the line (153 m + 2) / 5.
        let shifted = days + Self.daysFromMarchZero
        let era = Self.floorDivide(shifted, by: Self.daysPerEra)
        let dayOfEra = shifted - era * Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = secondOfDay / 3600
        minute = secondOfDay % 3600 / 60
        second = secondOfDay % 60
    }

    /// A date that exists, with a time of day that exists; a leap second (60) is taken.
    init?(year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64) {
        guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Seconds from the epoch to this moment; negative before it.
    var secondsSinceEpoch: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = Self.floorDivide(marchYear, by: 400)
        let yearOfEra = marchYear - era * 400
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * Self.daysPerEra + dayOfEra - Self.daysFromMarchZero
        return days * Self.secondsPerDay + hour * 3600 + minute * 60 + second
    }

    /// 0 for Sunday to 6 for Saturday.
    static func weekday(ofSecondsSinceEpoch seconds: Int64) -> Int {
        let days = floorDivide(seconds, by: secondsPerDay)
        let fromSunday = (days + 4) % 7
        return Int(fromSunday < 0 ? fromSunday + 7 : fromSunday)
    }

    static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static let secondsPerDay: Int64 = 86_400
    private static let daysPerEra: Int64 = 146_097
    /// Days from 0000-03-01 to the epoch.
    private static let daysFromMarchZero: Int64 = 719_468
}
