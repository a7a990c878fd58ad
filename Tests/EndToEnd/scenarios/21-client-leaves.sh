# shellcheck shell=bash
# The client that caused a download leaves at a third of it. The download goes on.

client_leaves_at_a_third() {
    local digest path
    digest=$(digest_of blob-64)
    path=$(blob_path "$BLOBS" "$digest")
    upstream_start
    slow_upstream_start 32m
    mirror_start "$SLOW_UPSTREAM"
    expect_failure "curl's full download" leave_after $((64 * MIB / 3)) "$path"
    wait_until 30 "the download to end" grep -q "\"GET $path HTTP" "$TEST_DIR/slow-upstream.log"
    slow_upstream_stop
    upstream_stop
    expect_blob "$BLOBS" "$digest"
}

# leave_after BYTES PATH: fails, because curl could not write what it was sent.
leave_after() {
    get "$2" | head -c "$1" >/dev/null
}

it "a client that leaves at a third leaves a whole blob behind" client_leaves_at_a_third
