# shellcheck shell=bash
# Images share layers. A layer held for one repository is not downloaded for another.

shares_a_layer() {
    local digest repository
    upstream_start
    seeded_bytes $((4 * MIB)) shared >layer
    for repository in library/one library/two; do
        digest=$(push_blob $repository layer)
    done
    upstream_mark
    mirror_start "$UPSTREAM"
    expect_blob library/one "$digest"
    expect_blob library/two "$digest"
    expect_upstream_requests 1 "GET /v2/library/.*/blobs/$digest" "two repositories"
}

# Holding a blob is no reason to give it to those whom the upstream would refuse.
asks_before_sharing() {
    local digest
    upstream_start
    seeded_bytes $((4 * MIB)) private >layer
    digest=$(push_blob library/one layer)
    mirror_start "$UPSTREAM"
    expect_blob library/one "$digest"
    expect_equal "$(status_of "$(blob_path library/without "$digest")")" 404 \
        "the status of a blob that the repository does not have"
}

it "a layer held for one repository is not downloaded for another" shares_a_layer
it "a layer is shared only with repositories that have it upstream" asks_before_sharing
