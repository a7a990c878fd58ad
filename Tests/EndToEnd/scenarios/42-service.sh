# shellcheck shell=bash
# The mirror as a service: its sockets, its signals, its unit.
# shellcheck disable=SC2034

# The port is open before the mirror runs, and while it is replaced.
takes_over_sockets() {
    upstream_start
    MIRROR_HTTP=("net: unix")
    mirror_start "$UPSTREAM" systemd-socket-activate --fdname=http:local \
        --listen="$MIRROR" --listen="$PWD/local.sock"
    expect_blob "$BLOBS" "$(digest_of blob-64)"
    expect_equal "$(curl -s --unix-socket local.sock -o /dev/null -w '%{http_code}' \
        http://mirror/v2/)" 200 "the status at the second socket"
    mirror_logs "address=\"$MIRROR, $PWD/local.sock\"" || fail "the log does not name both"
    mirror_stop
    [[ -S local.sock ]] || fail "the mirror has removed a socket that is not its own"
}

serves_at_a_socket_of_its_own() {
    upstream_start
    start_at_socket
    expect_equal "$(stat -c %a mirror.sock)" 755 "the rights of the socket"
    mirror_stop KILL
    [[ -S mirror.sock ]] || fail "the socket that was left is gone"
    start_at_socket
    mirror_stop
    [[ ! -e mirror.sock ]] || fail "the socket is still there"
}

start_at_socket() {
    umask 022
    mirror_config "$UPSTREAM" | sed "s|addr: .*|addr: $PWD/mirror.sock\n  net: unix|" >unix.yml
    start_process mirror "$MIRRORD" serve unix.yml
    wait_until 10 "the mirror to listen" \
        curl -sf --unix-socket mirror.sock -o /dev/null http://mirror/v2/
}

reloads_its_log_level() {
    upstream_start
    mirror_start "$UPSTREAM"
    sed -i 's/level: info/level: error/' "$MIRROR_CONFIG"
    kill -HUP "${PIDS[mirror]}"
    get /v2/ -o /dev/null
    wait_until 5 "the mirror to fall silent" says_nothing_of_a_request
    sed -i 's/level: error/level: nonsense/' "$MIRROR_CONFIG"
    kill -HUP "${PIDS[mirror]}"
    wait_until 5 "the mirror to complain" mirror_logs "configuration cannot be reloaded"
    get /v2/ -o /dev/null
}

says_nothing_of_a_request() {
    local before
    before=$(mirror_log | grep -c "response completed" || true)
    get /v2/ -o /dev/null
    (($(mirror_log | grep -c "response completed" || true) == before))
}

# systemd looks at what the unit starts, too.
has_a_unit_that_systemd_takes() {
    install -D "$MIRRORD" root/usr/local/bin/mirrord
    mount --bind root/usr/local/bin /usr/local/bin
    cp "$PACKAGING"/systemd/mirrord.{service,socket} .
    systemd-analyze verify ./mirrord.service ./mirrord.socket 2>&1 | tee verdict
    umount /usr/local/bin
    ! grep -q mirrord verdict || fail "systemd complains: $(head -n 1 verdict)"
    mkdir root/etc
    systemd-sysusers --root="$PWD/root" "$PACKAGING/systemd/mirrord.sysusers"
    grep -q '^mirrord:' root/etc/passwd || fail "there is no user mirrord"
}

it "takes over sockets that systemd has opened, and leaves them" takes_over_sockets
it "serves at a Unix socket, replaces one that was left, and removes its own" \
    serves_at_a_socket_of_its_own
it "takes its log level anew on SIGHUP, and only a right one" reloads_its_log_level
it "has a unit that systemd takes" has_a_unit_that_systemd_takes
