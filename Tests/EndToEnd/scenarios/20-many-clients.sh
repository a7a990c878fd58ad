# shellcheck shell=bash
# Forty clients at once want one blob that the mirror does not hold.

forty_clients_share_one_download() {
    local digest path
    digest=$(digest_of blob-64)
    path=$(blob_path "$BLOBS" "$digest")
    upstream_start
    slow_upstream_start 32m
    mirror_start "$SLOW_UPSTREAM"
    forty_clients_get "$path" "$digest"
    expect_upstream_requests 1 "GET $path" "forty clients at once"
}

it "forty clients at once cost one download" forty_clients_share_one_download
