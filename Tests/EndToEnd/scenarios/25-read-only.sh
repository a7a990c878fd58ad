# shellcheck shell=bash
# A mirror takes nothing in: every request that would write is refused in the registry's words.

refuses_to_write() {
    local digest request
    digest=$(digest_of blob-64)
    start_upstream_and_mirror
    for request in \
        "POST /v2/$BLOBS/blobs/uploads/" \
        "POST /v2/$BLOBS/blobs/uploads/?mount=$digest&from=library/busybox" \
        "PATCH /v2/$BLOBS/blobs/uploads/0f0e0d0c" \
        "PUT /v2/$BLOBS/blobs/uploads/0f0e0d0c?digest=$digest" \
        "DELETE /v2/$BLOBS/blobs/uploads/0f0e0d0c" \
        "PUT /v2/library/busybox/manifests/latest" \
        "DELETE /v2/library/busybox/manifests/$(digest_of busybox)" \
        "DELETE /v2/$BLOBS/blobs/$digest"; do
        expect_refusal "${request%% *}" "${request#* }"
    done
    expect_upstream_requests 0 "(POST|PATCH|PUT|DELETE) .*" "writes to the mirror"
}

# expect_refusal METHOD PATH
expect_refusal() {
    expect_equal "$(status_of "$2" -X "$1" --data-raw '{}')" 405 "the status of $1 $2"
    expect_equal "$(jq -r '.errors[0].code' body)" UNSUPPORTED "the error of $1 $2"
}

it "everything that writes is refused with 405 UNSUPPORTED" refuses_to_write
