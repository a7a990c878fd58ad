-- One line for the shell: requests, bytes, seconds, and everything that went wrong.
function done(summary)
    local e = summary.errors
    print(string.format(
        "summary %d %d %.3f %d", summary.requests, summary.bytes, summary.duration / 1e6,
        e.connect + e.read + e.write + e.status + e.timeout))
end
