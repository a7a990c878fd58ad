# shellcheck shell=bash
# The line to the upstream breaks in the middle of a layer. The client does not notice.

resumes_a_broken_download() {
    local digest download
    digest=$(digest_of blob-64)
    upstream_start
    slow_upstream_start 32m
    mirror_start "$SLOW_UPSTREAM"
    digest_of_body "$(blob_path "$BLOBS" "$digest")" >got &
    download=$!
    wait_until 30 "16 MiB to be stored" mirror_stores_at_least $((16 * MIB))
    slow_upstream_stop KILL
    slow_upstream_start 64m
    wait "$download"
    expect_equal "$(cat got)" "$digest" "what came over a broken line"
    # Nginx logs nothing of what it was killed in, so this is what the resumed part was.
    grep -q '" 206 ' "$TEST_DIR/slow-upstream.log" || fail "the download began anew"
}

it "a download whose line breaks is resumed where it broke" resumes_a_broken_download
