# shellcheck shell=bash
# A disk that is full in the middle of a blob: all who want it share one download all the same.

forty_clients_share_one_download_with_a_full_disk() {
    local digest path
    digest=$(digest_of blob-64)
    path=$(blob_path "$BLOBS" "$digest")
    mkdir -p "$MIRROR_STORE"
    mount -t tmpfs -o size=16m tmpfs "$MIRROR_STORE"
    upstream_start
    slow_upstream_start 32m
    mirror_start "$SLOW_UPSTREAM"
    forty_clients_get "$path" "$digest"
    expect_blob "$BLOBS" "$digest"
    expect_upstream_requests 1 "GET $path" "forty clients at once, and one later"
    expect_equal "$(find "$MIRROR_STORE" -type f -path '*~mirrord*')" "" "what is left on the disk"
    mirror_stop
    umount "$MIRROR_STORE"
}

it "forty clients at once cost one download although the disk is full" \
    forty_clients_share_one_download_with_a_full_disk
