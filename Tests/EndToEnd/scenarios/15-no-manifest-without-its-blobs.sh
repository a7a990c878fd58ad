# shellcheck shell=bash
# A client that gets a manifest and not its layers is stuck with this mirror. So while the upstream is
# away, a manifest of which not all blobs came through the mirror is as good as none.

a_manifest_alone() {
    local digest layer
    digest=$(digest_of busybox)
    start_upstream_and_mirror
    layer=$(get "/v2/library/busybox/manifests/latest" | jq -r '.layers[0].digest')
    upstream_stop
    # Nobody has wanted a blob of it: it is looked at.
    expect_equal "$(digest_of_body "/v2/library/busybox/manifests/latest")" "$digest" "the manifest"
    expect_equal "$(status_of "/v2/library/busybox/blobs/$layer" --max-time 30)" 503 "the status of a layer"
    refuses_and_describes latest
    refuses_and_describes "$digest"
}

half_an_image() {
    local digest config reference
    digest=$(digest_of busybox)
    start_upstream_and_mirror
    config=$(get "/v2/library/busybox/manifests/latest" | jq -r '.config.digest')
    expect_equal "$(digest_of_body "/v2/library/busybox/blobs/$config")" "$config" "the config"
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

it "a manifest is served while the upstream is away until somebody wants a blob of it" \
    a_manifest_alone
it "a manifest without its layers is refused while the upstream is away, and served after" \
    half_an_image
it "an image that has lost a layer is refused while the upstream is away" \
    an_image_of_which_a_layer_was_lost
it "an image that was pulled in full is pulled on while the upstream is away" a_whole_image
