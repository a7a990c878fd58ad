# shellcheck shell=bash
# The store is the reference registry's own: either program can open what the other has filled.

serves_the_references_store() {
    upstream_start
    MIRRORD=docker-registry mirror_start "$UPSTREAM"
    fresh_client skopeo
    pull skopeo library/busybox:latest
    wait_until 10 "the reference to store the image" layers_are_linked 2
    mirror_stop
    upstream_stop
    skopeo_forget
    mirror_start "$UPSTREAM"
    pull skopeo library/busybox:latest
    expect_image skopeo library/busybox:latest "$(digest_of busybox)" "first light"
}

fills_a_store_for_the_reference() {
    start_upstream_and_mirror
    fresh_client skopeo
    pull skopeo library/busybox:latest
    mirror_stop
    upstream_stop
    skopeo_forget
    reference_start
    pull skopeo library/busybox:latest
    expect_image skopeo library/busybox:latest "$(digest_of busybox)" "first light"
}

# The reference answers first and stores behind. layers_are_linked COUNT
layers_are_linked() {
    local repository=$MIRROR_STORE/docker/registry/v2/repositories/library/busybox
    (($(find "$repository/_layers" -name link | wc -l) == $1))
}

# The reference registry, not as a mirror but as a plain registry, in the mirror's place.
reference_start() {
    mirror_config "$UPSTREAM" | grep -v '^proxy:' >"$STATE/reference.yml"
    start_process reference docker-registry serve "$STATE/reference.yml"
    wait_until 10 "the reference registry to listen" curl -sf "http://$MIRROR/v2/"
}

it "mirrord serves what the reference registry has stored" serves_the_references_store
it "the reference registry serves what mirrord has stored" fills_a_store_for_the_reference
