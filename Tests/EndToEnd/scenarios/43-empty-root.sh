# shellcheck shell=bash
# The program without libraries, as it runs in the container image: in a root with nothing else.

# lay_out_root [URL]: of the upstream.
lay_out_root() {
    [[ -x $MIRRORD_STATIC ]] || fail "$MIRRORD_STATIC is not there (make static)"
    "$PACKAGING/container/root" "$MIRRORD_STATIC" root
    mirror_config "$UPSTREAM" |
        sed "s|rootdirectory: .*}|rootdirectory: /var/lib/registry}|
             s|remoteurl: .*}|remoteurl: ${1:-http://$UPSTREAM}}|" \
            >root/etc/docker/registry/config.yml
}

# As the image's user; /proc is there for as long as the mirror runs, and for it alone.
start_in_root() {
    mkdir -p root/proc
    start_process mirror unshare --mount --propagation private \
        bash -c "$(declare -f run_in_root); run_in_root"
    wait_until 10 "the mirror to listen" mirror_listens
}

run_in_root() {
    local chroot
    mount -t proc proc root/proc
    chroot=$(command -v chroot)
    exec env -i PATH=/usr/local/bin \
        "$chroot" --userspec=65532:65532 root mirrord serve /etc/docker/registry/config.yml
}

pulls_from_an_empty_root() {
    upstream_start
    lay_out_root
    start_in_root
    fresh_client "$1"
    pull "$1" library/busybox:latest
    expect_image "$1" library/busybox:latest "$(digest_of busybox)" "first light"
    expect_blob "$BLOBS" "$(digest_of blob-64)"
}

# There is no nsswitch.conf, and for DNS no resolv.conf either: the name server is this machine.
finds_its_upstream_by_the_hosts_file() {
    upstream_start
    lay_out_root "http://upstream.test:${UPSTREAM#*:}"
    echo "127.0.0.1 upstream.test" >root/etc/hosts
    start_in_root
    expect_blob "$BLOBS" "$(digest_of blob-64)"
}

finds_its_upstream_by_dns() {
    upstream_start
    start_process dns perl "$LIB/dns.pl"
    lay_out_root "http://upstream.test:${UPSTREAM#*:}"
    start_in_root
    expect_blob "$BLOBS" "$(digest_of blob-64)"
}

# An upstream over TLS, of an authority that is put into the root later.
believes_in_authorities() {
    make_authority authority
    make_certificate upstream authority localhost
    upstream_config |
        sed "s|http: {\(.*\)}|http: {\1, tls: {certificate: upstream.pem, key: upstream.key}}|" \
            >upstream.yml
    start_process upstream docker-registry serve upstream.yml
    lay_out_root "https://localhost:${UPSTREAM#*:}"
    echo "127.0.0.1 localhost" >root/etc/hosts
    start_in_root
    expect_equal "$(status_of "$(blob_path "$BLOBS" "$(digest_of blob-64)")")" 503 \
        "the status while the authority is not there"
    mirror_stop
    cat authority.pem >>"root$SYSTEM_AUTHORITIES"
    start_in_root
    expect_blob "$BLOBS" "$(digest_of blob-64)"
}

# Whatever else is needed would show up here.
has_only_what_it_needs() {
    lay_out_root
    start_in_root
    mirror_stop
    rmdir root/proc
    expect_equal "$(cd root && find . -path ./var/lib/registry -prune -o -type f -print | sort)" "$(
        printf '%s\n' ./etc/docker/registry/config.yml ./etc/ssl/certs/ca-certificates.crt \
            ./usr/local/bin/mirrord
    )" "what the root holds"
    (($(stat -c %s root/usr/local/bin/mirrord) < 25 * 1000 * 1000)) ||
        fail "the program has $(stat -c %s root/usr/local/bin/mirrord) bytes"
}

for_each_client "pulls through a mirror in an empty root" pulls_from_an_empty_root
it "a mirror in an empty root finds its upstream by the hosts file" \
    finds_its_upstream_by_the_hosts_file
it "a mirror in an empty root finds its upstream by DNS" finds_its_upstream_by_dns
it "a mirror in an empty root believes in the authorities there" believes_in_authorities
it "the root holds the program, its configuration and authorities alone" has_only_what_it_needs
