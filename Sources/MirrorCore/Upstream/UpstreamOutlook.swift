/// What may be expected of an upstream before it is asked.
public enum UpstreamOutlook: Hashable, Sendable {
    /// Nothing speaks against asking.
    case clear
    /// Few of the requests that it allows are left: ask only for what is worth one.
    case scarce
    /// It would refuse, or not answer: it is down, or wants to be left alone.
    case closed
}
