# shellcheck shell=bash
# kill -9 in the middle of fills. Whatever is served afterwards has its digest.

kill_in_the_middle_of_fills() {
    local stored
    upstream_start
    slow_upstream_start 64m
    for stored in 1 16 48 100 180; do
        mirror_start "$SLOW_UPSTREAM"
        start_downloads
        wait_until 30 "$stored MiB to be stored" mirror_stores_at_least $((stored * MIB))
        mirror_stop KILL
        wait "${downloads[@]}"
    done
    mirror_start "$UPSTREAM"
    expect_blob "$BLOBS" "$(digest_of blob-64)"
    expect_blob "$BLOBS" "$(digest_of blob-200)"
    upstream_stop
    expect_blob "$BLOBS" "$(digest_of blob-64)"
    expect_blob "$BLOBS" "$(digest_of blob-200)"
}

# Downloads that end, as they may, when the mirror does.
start_downloads() {
    local blob
    downloads=()
    for blob in blob-64 blob-200; do
        { get "$(blob_path "$BLOBS" "$(digest_of $blob)")" -o /dev/null || true; } &
        downloads+=($!)
    done
}

it "after kill -9 in the middle of fills every blob has its digest" kill_in_the_middle_of_fills

goes_on_by_itself() {
    local digest path hex
    digest=$(digest_of blob-200)
    path=$(blob_path "$BLOBS" "$digest")
    hex=${digest#sha256:}
    upstream_start
    slow_upstream_start 64m
    mirror_start "$SLOW_UPSTREAM"
    { get "$path" -o /dev/null || true; } &
    wait_until 30 "48 MiB to be stored" mirror_stores_at_least $((48 * MIB))
    mirror_stop KILL
    wait "$!"
    upstream_mark
    mirror_start "$UPSTREAM"
    wait_until 30 "the blob to be stored although nobody asks for it" \
        test -e "$MIRROR_STORE/docker/registry/v2/blobs/sha256/${hex:0:2}/$hex/data"
    expect_upstream_requests 1 "GET $path" "going on after kill -9"
    wait_until 10 "nothing to be left unfinished" \
        test ! -e "$MIRROR_STORE/~mirrord/unfinished"
    expect_blob "$BLOBS" "$digest"
    expect_upstream_requests 1 "GET $path" "going on, and a client later"
}

it "after kill -9 the next start goes on with a blob when nobody asks" goes_on_by_itself
