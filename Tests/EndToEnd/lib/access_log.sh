# shellcheck shell=bash
# What the upstream was asked, read from its own access log.

UPSTREAM_MARK=0

upstream_log() {
    cat "$TEST_DIR/upstream.log"
}

# upstream_requests 'METHOD PATH-REGEXP': the requests of that shape since the last mark.
upstream_requests() {
    upstream_settle
    upstream_log | tail -n "+$((UPSTREAM_MARK + 1))" | grep -E "\"$1 HTTP/1" || true
}

# From here on only new requests count.
upstream_mark() {
    upstream_settle
    UPSTREAM_MARK=$(upstream_log | wc -l)
}

# A request is logged after its answer was sent: a last one of ours, once logged, says that those
# before it are logged too. An upstream that was stopped has nothing more to say.
upstream_settle() {
    process_is_alive upstream || return 0
    local marker=marker-$EPOCHREALTIME
    curl -sf -o /dev/null "http://$UPSTREAM/v2/?$marker"
    wait_until 5 "the upstream's access log" grep -q "$marker" "$TEST_DIR/upstream.log"
}

# expect_upstream_requests COUNT 'METHOD PATH-REGEXP' "WHAT"
expect_upstream_requests() {
    local found count
    found=$(upstream_requests "$2")
    count=$(grep -c . <<<"$found" || true)
    ((count == $1)) || fail "$3: $count upstream requests instead of $1"
}
