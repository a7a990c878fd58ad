# shellcheck shell=bash
# mirrord, on an empty store.

mirrord_start() {
    reference_config >"$STATE/mirrord.yml"
    start_process server "$SERVER_CORE" "$MIRRORD" serve "$STATE/mirrord.yml"
}

# The same file serves mirrord and the reference.
reference_config() {
    rm -rf "$STATE/store"
    cat <<-END
	version: 0.1
	log: {level: error, accesslog: {disabled: true}}
	storage:
	  filesystem: {rootdirectory: $STATE/store}
	  delete: {enabled: true}
	http: {addr: $SERVER}
	proxy: {remoteurl: http://$UPSTREAM}
	END
}
