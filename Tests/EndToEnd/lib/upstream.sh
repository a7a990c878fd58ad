# shellcheck shell=bash
# The upstream registry: Debian's docker-registry on a directory that all tests share.

readonly UPSTREAM_STORE=$STATE/upstream

upstream_start() {
    upstream_config >"$STATE/upstream.yml"
    start_process upstream docker-registry serve "$STATE/upstream.yml"
    wait_until 10 "the upstream to listen" curl -sf "http://$UPSTREAM/v2/"
}

upstream_stop() {
    stop_process upstream
}

upstream_config() {
    cat <<-END
	version: 0.1
	log: {level: info, accesslog: {disabled: false}}
	storage:
	  filesystem: {rootdirectory: $UPSTREAM_STORE}
	  delete: {enabled: true}
	http: {addr: $UPSTREAM}
	END
}

# The file in which the upstream keeps the bytes of a digest.
upstream_data_file() {
    local hex=${1#sha256:}
    echo "$UPSTREAM_STORE/docker/registry/v2/blobs/sha256/${hex:0:2}/$hex/data"
}
