# shellcheck shell=bash
# The store is the reference registry's own: either program can open what the other has filled.

readonly SCHEDULE=$MIRROR_STORE/scheduler-state.json
# What is asked of the upstream when something is not held; a tag may be asked for by HEAD.
readonly FETCH='(GET /v2/.*/(manifests|blobs)/|HEAD /v2/.*/blobs/).*'

# The reference, as a mirror with the mirror's own configuration, and the directory that it leaves
# when it is killed. It writes down every 5 s when it will let go of what.
reference_fills_the_store() {
    upstream_start
    MIRRORD=docker-registry mirror_start "$UPSTREAM"
    fresh_client skopeo
    pull skopeo library/busybox:latest
    wait_until 20 "the reference to write down all that it stored" schedule_has_entries 3
    mirror_stop KILL
}

schedule_has_entries() {
    (($(jq length "$SCHEDULE") == $1))
}

# pulls_what_is_held: by tag, as ever; nothing is fetched.
pulls_what_is_held() {
    skopeo_forget
    pull skopeo library/busybox:latest
    expect_image skopeo library/busybox:latest "$(digest_of busybox)" "first light"
}

takes_the_references_place_and_gives_it_back() {
    reference_fills_the_store
    upstream_mark
    mirror_start "$UPSTREAM"
    pulls_what_is_held
    expect_upstream_requests 0 "$FETCH" "a pull of what the reference stored"
    wait_until 10 "the schedule to be taken over" mirror_logs "was taken over"
    [[ ! -e $SCHEDULE ]] || fail "the reference would let go by what it wrote down before"
    upstream_stop
    pulls_what_is_held
    mirror_stop
    upstream_start
    upstream_mark
    MIRRORD=docker-registry mirror_start "$UPSTREAM"
    pulls_what_is_held
    expect_upstream_requests 0 "$FETCH" "a pull through the reference of what the mirror left"
}

starts_over_a_damaged_schedule() {
    reference_fills_the_store
    upstream_stop
    : >"$SCHEDULE"
    mirror_start "$UPSTREAM"
    pulls_what_is_held
    wait_until 10 "a warning" mirror_logs "is damaged"
    mirror_stop
    [[ ! -e $SCHEDULE ]] || fail "what keeps the reference from starting is still there"
}

# A killed reference leaves empty files: its links and bytes are not written in one step.
heals_what_the_reference_left_empty() {
    local layer config
    layer=$(upstream_part library/busybox latest .layers[0].digest)
    config=$(upstream_part library/busybox latest .config.digest)
    reference_fills_the_store
    : >"$(mirror_repository library/busybox)/_layers/sha256/${layer#sha256:}/link"
    : >"$(mirror_data_file "$config")"
    upstream_mark
    mirror_start "$UPSTREAM"
    pulls_what_is_held
    expect_upstream_requests 0 "GET $(blob_path library/busybox "$layer")" "bytes without a link"
    expect_upstream_requests 1 "GET $(blob_path library/busybox "$config")" "an empty file"
    upstream_stop
    pulls_what_is_held
}

fills_a_store_for_the_reference() {
    start_upstream_and_mirror
    fresh_client skopeo
    pull skopeo library/busybox:latest
    mirror_stop
    upstream_stop
    reference_start
    pulls_what_is_held
}

# Both images are held, then there is room for one.
leaves_whole_images_to_the_reference() {
    local layer room
    layer=$(upstream_part library/busybox latest .layers[0].digest)
    room=$(($(stat -c %s "$(upstream_data_file "$layer")") * 3 / 2))
    start_upstream_and_mirror
    fresh_client skopeo
    pull skopeo library/busybox:latest
    # Uses are written down by the second.
    wait_until 3 "the next second" is_later_than "$EPOCHSECONDS"
    pull skopeo library/multi:latest
    mirror_stop
    mirror_start "$UPSTREAM" env "REGISTRY_PROXY_EVICTION_MAXSIZE=$room"
    wait_until 20 "the older image to go" mirror_does_not_hold "$layer"
    mirror_stop
    upstream_stop
    skopeo_forget
    reference_start
    pull skopeo library/multi:latest
    expect_image skopeo library/multi:latest "$(digest_of "multi-$(host_architecture)")" \
        "for $(host_architecture)"
    expect_equal "$(status_of /v2/library/busybox/manifests/latest)" 404 "what has gone"
}

is_later_than() {
    ((EPOCHSECONDS > $1))
}

# upstream_part REPOSITORY TAG FILTER: what jq finds in a manifest.
upstream_part() {
    local link=$UPSTREAM_STORE/docker/registry/v2/repositories/$1/_manifests/tags/$2/current/link
    jq -r "$3" "$(upstream_data_file "$(cat "$link")")"
}

mirror_repository() {
    echo "$MIRROR_STORE/docker/registry/v2/repositories/$1"
}

mirror_does_not_hold() {
    [[ ! -e $(mirror_data_file "$1") ]]
}

# The reference registry, not as a mirror but as a plain registry, in the mirror's place.
reference_start() {
    mirror_config "$UPSTREAM" | grep -v '^proxy:' >"$STATE/reference.yml"
    start_process reference docker-registry serve "$STATE/reference.yml"
    wait_until 10 "the reference registry to listen" curl -sf "http://$MIRROR/v2/"
}

it "mirrord takes the reference's place, and gives it back, with nothing fetched again" \
    takes_the_references_place_and_gives_it_back
it "mirrord heals what a killed reference left empty" heals_what_the_reference_left_empty
it "mirrord starts over a damaged schedule of the reference" starts_over_a_damaged_schedule
it "the reference registry serves what mirrord has stored" fills_a_store_for_the_reference
it "the reference registry serves what mirrord has left of its images" \
    leaves_whole_images_to_the_reference
