# shellcheck shell=bash
# OCI images, images for many platforms, and an image with a layer of 200 MB.

pulls_an_oci_image() {
    start_upstream_and_mirror
    fresh_client "$1"
    pull "$1" library/busybox-oci:latest
    expect_image "$1" library/busybox-oci:latest "$(digest_of busybox-oci)" "first light"
}

pulls_its_platform() {
    start_upstream_and_mirror
    fresh_client "$1"
    pull "$1" library/multi:latest
    expect_equal "$("$1_read_note" library/multi:latest)" "for $(host_architecture)" "the note"
}

pulls_a_big_layer() {
    start_upstream_and_mirror
    fresh_client "$1"
    pull "$1" library/big:latest
    expect_image "$1" library/big:latest "$(digest_of big)" "a big one"
    expect_upstream_requests 2 "GET /v2/library/big/blobs/.*" "one layer and one config"
    "$1_forget"
}

copies_the_whole_index() {
    start_upstream_and_mirror
    fresh_client skopeo
    skopeo_pull library/multi:latest --all
    expect_equal "$(skopeo_digest library/multi:latest)" "$(digest_of multi)" "the index"
    local child
    for child in multi-amd64 multi-arm64; do
        expect_equal "$(digest_of_stream <"$(skopeo_child "$child")")" "$(digest_of $child)" \
            "$child"
    done
}

# The file in which skopeo keeps a child manifest of the index.
skopeo_child() {
    local digest
    digest=$(digest_of "$1")
    echo "$(skopeo_directory library/multi:latest)/${digest#sha256:}.manifest.json"
}

for_each_client "pulls an OCI image" pulls_an_oci_image
for_each_client "pulls the child of an index that fits its platform" pulls_its_platform
for_each_client "pulls a layer of 200 MB" pulls_a_big_layer
it "skopeo copies an index with all its children" copies_the_whole_index
