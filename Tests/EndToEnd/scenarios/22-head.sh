# shellcheck shell=bash
# Asking whether there is a blob is not asking for it.

head_downloads_nothing() {
    local digest path
    digest=$(digest_of blob-64)
    path=$(blob_path "$BLOBS" "$digest")
    start_upstream_and_mirror
    get "$path" --head | tr -d '\r' >fields
    grep -iqx "content-length: $((64 * MIB))" fields || fail "HEAD names the wrong length"
    grep -iqx "docker-content-digest: $digest" fields || fail "HEAD names no digest"
    expect_upstream_requests 0 "GET $path" "a HEAD"
}

it "HEAD of a blob downloads nothing" head_downloads_nothing
