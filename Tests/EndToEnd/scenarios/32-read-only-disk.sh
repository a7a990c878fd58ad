# shellcheck shell=bash
# A disk that takes nothing: what is held is served, and the rest is passed on.

serves_from_a_read_only_disk() {
    local held other
    held=$(digest_of blob-64)
    start_upstream_and_mirror
    seeded_bytes $((3 * MIB)) other >blob
    other=$(push_blob library/other blob)
    expect_blob "$BLOBS" "$held"
    mirror_stop
    make_read_only "$MIRROR_STORE"
    mirror_start "$UPSTREAM"
    upstream_mark
    expect_blob "$BLOBS" "$held"
    expect_upstream_requests 0 "GET .*/blobs/.*" "requests for what is held"
    expect_blob library/other "$other"
    mirror_stop
    umount "$MIRROR_STORE"
}

# make_read_only FOLDER: until it is unmounted, or the test's namespace ends.
make_read_only() {
    mount --bind "$1" "$1"
    mount -o remount,ro,bind "$1"
}

it "a mirror on a read-only disk serves what it holds and passes on the rest" \
    serves_from_a_read_only_disk
