# shellcheck shell=bash
# The upstream sends a wrong byte. Nobody gets it as a complete answer, and nothing keeps it.

a_flipped_byte_is_not_served() {
    local digest data
    upstream_start
    seeded_bytes $((16 * MIB)) flipped >blob
    digest=$(push_blob library/flipped blob)
    data=$(upstream_data_file "$digest")
    mirror_start "$UPSTREAM"
    flip_byte "$data" $((9 * MIB))
    expect_failure "a download of wrong bytes" get "$(blob_path library/flipped "$digest")" \
        -o wrong
    expect_failure "a second download of them" get "$(blob_path library/flipped "$digest")" \
        -o wrong
    cp blob "$data"
    expect_blob library/flipped "$digest"
}

# flip_byte FILE OFFSET: every bit of it.
flip_byte() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf '%b' "\\x$(printf '%02x' $((byte ^ 255)))" |
        dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# A manifest is proved as a layer is.
a_wrong_manifest_is_not_served() {
    local digest
    upstream_start
    digest=$(push_note library/flipped latest flipped)
    mirror_start "$UPSTREAM"
    flip_byte "$(upstream_data_file "$digest")" 5
    [[ $(status_of "/v2/library/flipped/manifests/$digest") != 200 ]] ||
        fail "a manifest with a wrong byte was served"
}

it "a blob with a flipped byte is never served as complete" a_flipped_byte_is_not_served
it "a manifest with a flipped byte is not served" a_wrong_manifest_is_not_served
