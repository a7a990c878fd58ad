# shellcheck shell=bash
# What was pulled is more than the right bytes: it runs.

runs_the_image() {
    start_upstream_and_mirror
    fresh_client dockerd
    pull dockerd library/busybox:latest
    expect_equal "$(docker_command run --rm --network none busybox echo ok)" ok \
        "what the container says"
}

# The mirror's address in the name instead of a registry mirror in the configuration.
pulls_by_the_mirrors_name() {
    start_upstream_and_mirror
    fresh_client dockerd
    docker_command pull "$MIRROR/library/busybox"
    expect_image dockerd "$MIRROR/library/busybox" "$(digest_of busybox)" "first light"
}

it "dockerd runs the image that it pulled" runs_the_image
it "dockerd pulls by the mirror's own name" pulls_by_the_mirrors_name
