# shellcheck shell=bash
# A client that gets a manifest and not its layers is stuck with this mirror. So while the upstream is
# away, a manifest whose blobs never came through the mirror is as good as none.

a_manifest_alone() {
    local digest reference
    digest=$(digest_of busybox)
    start_upstream_and_mirror
    expect_equal "$(digest_of_body "/v2/library/busybox/manifests/latest")" "$digest" "the manifest"
    upstream_stop
    # The tag is asked for, so that the mirror knows by the second that nobody is there.
    refuses_and_describes latest
    refuses_and_describes "$digest"
    mirror_stop
    mirror_start "$UPSTREAM"
    refuses_and_describes "$digest"
    upstream_start
    for reference in latest "$digest"; do
        expect_equal "$(digest_of_body "/v2/library/busybox/manifests/$reference")" "$digest" "what is served again"
    done
}

# refuses_and_describes REFERENCE
refuses_and_describes() {
    expect_equal "$(status_of "/v2/library/busybox/manifests/$1" --max-time 3)" 503 "the status of GET $1"
    jq -r '.errors[].detail' "$STATE/work/body" | grep -q "is held, but not the blob" ||
        fail "the error does not say what is missing"
    expect_equal "$(status_of "/v2/library/busybox/manifests/$1" --head --max-time 3)" 200 "the status of HEAD $1"
}

an_image_of_which_a_layer_was_lost() {
    local digest layer
    start_upstream_and_mirror
    fresh_client skopeo
    pull skopeo library/busybox:latest
    digest=$(digest_of busybox)
    layer=$(get "/v2/library/busybox/manifests/$digest" | jq -r '.layers[0].digest')
    mirror_stop
    upstream_stop
    mirror_start "$UPSTREAM"
    expect_equal "$(status_of "/v2/library/busybox/manifests/$digest")" 200 "the status of what was pulled"
    rm "$(mirror_data_file "$layer")"
    mirror_stop
    mirror_start "$UPSTREAM"
    expect_equal "$(status_of "/v2/library/busybox/manifests/$digest" --max-time 3)" 503 "the status of what is left"
}

a_whole_image() {
    local digest
    digest=$(digest_of busybox)
    start_upstream_and_mirror
    fresh_client skopeo
    pull skopeo library/busybox:latest
    upstream_stop
    for _ in 1 2 3; do
        skopeo_forget
        pull skopeo library/busybox:latest
        skopeo_forget
        pull skopeo "library/busybox@$digest"
    done
    expect_image skopeo "library/busybox@$digest" "$digest" "first light"
}

it "a manifest without its blobs is refused while the upstream is away, and served after" \
    a_manifest_alone
it "an image that has lost a layer is refused while the upstream is away" \
    an_image_of_which_a_layer_was_lost
it "an image that was pulled in full is pulled on while the upstream is away" a_whole_image
