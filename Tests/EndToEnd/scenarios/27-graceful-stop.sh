# shellcheck shell=bash
# SIGTERM lets what is under way end, and only that.

finishes_a_download() {
    local digest download
    digest=$(digest_of blob-200)
    start_upstream_and_mirror
    expect_blob "$BLOBS" "$digest"
    digest_of_body "$(blob_path "$BLOBS" "$digest")" --limit-rate 80M >got &
    download=$!
    wait_until 10 "the download to begin" download_is_under_way "$download"
    mirror_stop TERM
    wait "$download"
    expect_equal "$(cat got)" "$digest" "what was under way"
    mirror_start "$UPSTREAM"
    expect_blob "$BLOBS" "$digest"
}

# The mirror has a connection with bytes still to be sent.
download_is_under_way() {
    ss --no-header --tcp state established "sport = :${MIRROR#*:}" | awk '$2 > 0 { found = 1 } END { exit !found }'
}

it "a restart by SIGTERM finishes the download under way" finishes_a_download
