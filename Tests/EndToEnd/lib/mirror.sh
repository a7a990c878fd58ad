# shellcheck shell=bash
# The mirror under test. Each test starts with an empty one.

readonly MIRROR_STORE=$STATE/work/mirror
readonly MIRROR_CONFIG=$STATE/mirror.yml

# What a test adds to the section http of the configuration, as lines "key: value".
MIRROR_HTTP=()

# What a test writes as the section auth, as lines "key: value".
MIRROR_AUTH=()

# mirror_start UPSTREAM [COMMAND...]: on whatever its store holds; COMMAND starts what follows it.
mirror_start() {
    mirror_config "$1" >"$MIRROR_CONFIG"
    start_process mirror "${@:2}" "$MIRRORD" serve "$MIRROR_CONFIG"
    wait_until 10 "the mirror to listen" mirror_listens
}

mirror_listens() {
    (: <"/dev/tcp/${MIRROR/://}")
}

mirror_log() {
    cat "$TEST_DIR/mirror.log"
}

# mirror_logs "TEXT": whether a record has it.
mirror_logs() {
    mirror_log | grep -qF -- "$1"
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
	proxy: {remoteurl: http://$1}
	http:
	  addr: $MIRROR_LISTEN
	  draintimeout: 60s
	END
    ((${#MIRROR_HTTP[@]} == 0)) || printf '  %s\n' "${MIRROR_HTTP[@]}"
    ((${#MIRROR_AUTH[@]} == 0)) || printf '%s\n' auth: "${MIRROR_AUTH[@]/#/  }"
}

# A mirror that a test has started and not stopped must have lived to its end.
mirror_must_be_alive() {
    [[ ! ${PIDS[mirror]:-} ]] || process_is_alive mirror || fail "the mirror has died"
}

# The file in which the mirror keeps the bytes of a digest.
mirror_data_file() {
    local hex=${1#sha256:}
    echo "$MIRROR_STORE/docker/registry/v2/blobs/sha256/${hex:0:2}/$hex/data"
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
