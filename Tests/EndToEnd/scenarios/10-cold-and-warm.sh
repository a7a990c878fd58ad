# shellcheck shell=bash
# An image that nobody had is fetched once; the next host gets it from the mirror.

pulls_cold() {
    start_upstream_and_mirror
    fresh_client "$1"
    pull "$1" library/busybox:latest
    expect_image "$1" library/busybox:latest "$(digest_of busybox)" "first light"
    expect_upstream_requests 2 "GET /v2/library/busybox/blobs/.*" "one layer and one config"
}

pulls_warm() {
    start_upstream_and_mirror
    fresh_client "$1"
    pull "$1" library/busybox:latest
    "$1_forget"
    upstream_mark
    pull "$1" library/busybox:latest
    expect_image "$1" library/busybox:latest "$(digest_of busybox)" "first light"
    expect_upstream_requests 0 "GET /v2/library/.*" "a warm pull"
}

for_each_client "pulls an image that the mirror never had" pulls_cold
for_each_client "pulls it again after removing it, and the upstream sends nothing" pulls_warm
