# shellcheck shell=bash
# BuildKit, as Docker's daemon has it built in, fetches the images that a build begins with.

builds_from_an_image() {
    start_upstream_and_mirror
    fresh_client dockerd
    mkdir context
    printf 'FROM library/busybox:latest\nCOPY more /more\n' >context/Dockerfile
    echo "and more" >context/more
    DOCKER_BUILDKIT=1 docker_command build --quiet --tag built context
    expect_equal "$(docker_command run --rm --network none built cat /note)" "first light" \
        "what the image says"
    expect_upstream_requests 2 "GET /v2/library/busybox/blobs/.*" "one layer and one config"
    # The daemon itself does not name the registry.
    mirror_logs "ns=docker.io" || fail "it was not BuildKit that asked"
}

it "BuildKit builds from an image that it fetches through the mirror" builds_from_an_image
