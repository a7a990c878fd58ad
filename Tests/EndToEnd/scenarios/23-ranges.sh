# shellcheck shell=bash
# Parts of a blob, as clients ask for them to resume and to read lazily.

held_blob() {
    digest=$(digest_of blob-64)
    path=$(blob_path "$BLOBS" "$digest")
    start_upstream_and_mirror
    get "$path" >whole
}

serves_single_ranges() {
    local digest path range
    held_blob
    for range in 0-0 0-99 1000-1999 1048576-3145727 67108000-67108863; do
        expect_equal "$(status_of "$path" -r "$range")" 206 "the status of bytes=$range"
        part_of_whole "${range%-*}" "${range#*-}" >part
        expect_same_bytes body part "bytes=$range"
    done
    get "$path" -r -1000 >body
    part_of_whole $((64 * MIB - 1000)) $((64 * MIB - 1)) >part
    expect_same_bytes body part "bytes=-1000"
    expect_equal "$(status_of "$path" -r 67108864-)" 416 "the status of a range past the end"
}

serves_many_ranges() {
    local digest path range
    held_blob
    expect_equal "$(status_of "$path" -r 0-99,5000-5999,60000000-60001023 -D fields)" 206 \
        "the status of three ranges"
    grep -iq '^content-type: multipart/byteranges' fields || fail "three ranges are not multipart"
    for range in 0-99 5000-5999 60000000-60001023; do
        part_of_multipart "$range" >served
        part_of_whole "${range%-*}" "${range#*-}" >part
        expect_same_bytes served part "the part bytes=$range"
    done
}

# part_of_whole FIRST LAST
part_of_whole() {
    bytes_of whole "$1" $(($2 - $1 + 1))
}

# part_of_multipart FIRST-LAST: what follows the empty line after that part's Content-Range.
part_of_multipart() {
    local field empty
    field=$(grep -abio "^content-range: bytes $1/" body | cut -d: -f1)
    empty=$(grep -abo $'^\r$' body |
        awk -F: -v field="$field" '!found && $1 > field { print $1; found = 1 }')
    bytes_of body $((empty + 2)) $((${1#*-} - ${1%-*} + 1))
}

# bytes_of FILE OFFSET COUNT
bytes_of() {
    dd if="$1" iflag=skip_bytes,count_bytes skip="$2" count="$3" bs=1M status=none
}

it "single ranges of a held blob are its bytes" serves_single_ranges
it "many ranges of a held blob come as multipart/byteranges" serves_many_ranges
