# shellcheck shell=bash
# What the mirror holds, it serves whether the upstream is there or not.

pulls_without_upstream() {
    start_upstream_and_mirror
    fresh_client "$1"
    pull "$1" library/busybox:latest
    upstream_stop
    pulls_by_tag_and_digest "$1"
}

pulls_from_a_mirror_started_without_upstream() {
    start_upstream_and_mirror
    fresh_client "$1"
    pull "$1" library/busybox:latest
    mirror_stop
    upstream_stop
    mirror_start "$UPSTREAM"
    pulls_by_tag_and_digest "$1"
}

pulls_by_tag_and_digest() {
    local digest reference
    digest=$(digest_of busybox)
    for reference in library/busybox:latest "library/busybox@$digest"; do
        "$1_forget"
        pull "$1" "$reference"
        expect_image "$1" "$reference" "$digest" "first light"
    done
}

# A client that is told soon moves on soon.
says_soon_that_it_cannot() {
    local status
    mirror_start "$UPSTREAM"
    status=$(status_of /v2/library/unknown/manifests/latest --max-time 30)
    [[ $status == 404 || $status == 50[0234] ]] || fail "a pull without upstream answers $status"
}

for_each_client "pulls by tag and by digest after the upstream went away" pulls_without_upstream
for_each_client "pulls from a mirror that was started without its upstream" \
    pulls_from_a_mirror_started_without_upstream
it "a mirror without upstream says within 30 s what it cannot serve" says_soon_that_it_cannot
