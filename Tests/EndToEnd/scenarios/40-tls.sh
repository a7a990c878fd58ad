# shellcheck shell=bash
# A mirror that speaks TLS, with a certificate of an authority that nobody else knows.

start_secure_mirror() {
    upstream_start
    secure_mirror "$@"
    mirror_start "$UPSTREAM"
}

# pulls_over_tls CLIENT WAY: it believes in the authority in this way.
pulls_over_tls() {
    start_secure_mirror
    "$2"
    secure_client "$1"
    pull "$1" library/busybox:latest
    expect_image "$1" library/busybox:latest "$(digest_of busybox)" "first light"
    expect_upstream_requests 2 "GET /v2/library/busybox/blobs/.*" "one layer and one config"
    leave_client "$1"
}

# Without it, docker.io itself is asked, where nobody is.
does_not_pull_from_a_stranger() {
    start_secure_mirror
    distrust
    secure_client "$1"
    expect_failure "a pull from a mirror of an unknown authority" pull "$1" library/busybox:latest
    wait_until 5 "the mirror to tell of it" mirror_logs "does not accept this server's certificate"
    leave_client "$1"
}

pulls_with_a_certificate_of_its_own() {
    make_authority clients
    make_certificate builder clients
    start_secure_mirror "clientcas: [$PWD/clients.pem]"
    trust_in_the_clients_own_way
    secure_client "$1"
    expect_failure "a pull without a certificate" pull "$1" library/busybox:latest
    cp builder.pem "$MIRROR_CERTS/client.cert"
    cp builder.key "$MIRROR_CERTS/client.key"
    "$1_secure"
    pull "$1" library/busybox:latest
    expect_image "$1" library/busybox:latest "$(digest_of busybox)" "first light"
    mirror_logs " - builder [" || fail "the access log does not name the user"
    leave_client "$1"
}

# The daemon of a test ends in order, with all that it started.
leave_client() {
    distrust
    [[ $1 != dockerd ]] || stop_process dockerd
}

for way in trust_in_the_clients_own_way trust_in_the_systems_way; do
    for client in "${CLIENTS[@]}"; do
        it "$client pulls over TLS (${way//_/ })" pulls_over_tls "$client" "$way"
    done
done
for_each_client "does not pull over TLS from a stranger" does_not_pull_from_a_stranger
for_each_client "shows its certificate to a mirror that wants one" \
    pulls_with_a_certificate_of_its_own
