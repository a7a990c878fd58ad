# shellcheck shell=bash
# The mirror under test. Each test starts with an empty one.

readonly MIRROR_STORE=$STATE/work/mirror

# mirror_start UPSTREAM: on whatever its store holds.
mirror_start() {
    mirror_config "$1" >"$STATE/mirror.yml"
    start_process mirror "$MIRRORD" serve "$STATE/mirror.yml"
    wait_until 10 "the mirror to listen" curl -sf "http://$MIRROR/v2/"
}

mirror_stop() {
    stop_process mirror "$@"
}

mirror_config() {
    cat <<-END
	version: 0.1
	log: {level: info, accesslog: {disabled: false}}
	storage:
	  filesystem: {rootdirectory: $MIRROR_STORE}
	  delete: {enabled: true}
	http: {addr: $MIRROR, draintimeout: 60s}
	proxy: {remoteurl: http://$1}
	END
}

# A mirror that a test has started and not stopped must have lived to its end.
mirror_must_be_alive() {
    [[ ! ${PIDS[mirror]:-} ]] || process_is_alive mirror || fail "the mirror has died"
}

# mirror_stores_at_least BYTES: on disk, published or not.
mirror_stores_at_least() {
    (($(du -s --block-size=1 "$MIRROR_STORE" 2>/dev/null | cut -f1) >= $1))
}

# start_upstream_and_mirror: what most tests begin with.
start_upstream_and_mirror() {
    upstream_start
    mirror_start "$UPSTREAM"
}
