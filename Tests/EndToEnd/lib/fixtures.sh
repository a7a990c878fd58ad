# shellcheck shell=bash
# What the upstream holds when the tests begin, and under which names they know it.

readonly BLOBS=library/blobs
readonly MIB=$((1024 * 1024))

fill_upstream() {
    mkdir -p "$STATE/digests"
    upstream_start
    add_small_images
    add_index
    add_big_image
    add_blob blob-64 $((64 * MIB))
    add_blob blob-200 $((200 * MIB))
}

# digest_of NAME: as recorded when it was pushed.
digest_of() {
    cat "$STATE/digests/$1"
}

record_digest() {
    cat >"$STATE/digests/$1"
}

add_small_images() {
    busybox_tar busybox "first light" >"$STATE/busybox.tar"
    push_image docker library/busybox latest "$STATE/busybox.tar" | record_digest busybox
    push_image oci library/busybox-oci latest "$STATE/busybox.tar" | record_digest busybox-oci
}

# Two children, one for this machine and one for another.
add_index() {
    local architecture children=()
    for architecture in amd64 arm64; do
        busybox_tar multi "for $architecture" >"$STATE/multi.tar"
        push_image oci library/multi "only-$architecture" "$STATE/multi.tar" "$architecture" |
            record_digest "multi-$architecture"
        children+=("$architecture=$(digest_of "multi-$architecture")")
    done
    push_index library/multi latest "${children[@]}" | record_digest multi
    rm "$STATE/multi.tar"
}

add_big_image() {
    busybox_tree "$STATE/tree" "a big one"
    seeded_bytes $((200 * MIB)) big >"$STATE/tree/big"
    make_layer "$STATE/tree" >"$STATE/big.tar"
    push_image oci-plain library/big latest "$STATE/big.tar" | record_digest big
    rm -r "$STATE/tree" "$STATE/big.tar"
}

# add_blob NAME SIZE: a blob that no manifest names.
add_blob() {
    seeded_bytes "$2" "$1" >"$STATE/blob"
    push_blob "$BLOBS" "$STATE/blob" | record_digest "$1"
    rm "$STATE/blob"
}

# busybox_tar NAME NOTE
busybox_tar() {
    busybox_tree "$STATE/$1" "$2"
    make_layer "$STATE/$1"
    rm -r "${STATE:?}/$1"
}

# push_note REPOSITORY TAG NOTE: a fresh image that says NOTE; prints its digest.
push_note() {
    local tar=$STATE/work/note.tar
    busybox_tar note "$3" >"$tar"
    push_image docker "$1" "$2" "$tar"
    rm "$tar"
}
