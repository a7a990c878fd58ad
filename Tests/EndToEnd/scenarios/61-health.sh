# shellcheck shell=bash
# What probes and load balancers see.

look() {
    curl --silent --max-time 10 -o body -w '%{http_code}' "http://$MIRROR_DEBUG$1" || true
}

watched_mirror() {
    cat >"$MIRROR_CONFIG" <<-END
	version: 0.1
	storage: {filesystem: {rootdirectory: $MIRROR_STORE}, delete: {enabled: true}}
	proxy: {remoteurl: http://$UPSTREAM}
	http: {addr: $MIRROR_LISTEN, debug: {addr: '$MIRROR_DEBUG'}}
	health:
	  storagedriver: {enabled: true, interval: 200ms}
	  file: [{file: $PWD/down, interval: 200ms}]
	END
    start_process mirror "$MIRRORD" serve "$MIRROR_CONFIG"
    wait_until 10 "the mirror to listen" mirror_listens
    wait_until 10 "the mirror to be ready" is_at /readyz 200
}

# is_at PATH STATUS
is_at() {
    [[ $(look "$1") == "$2" ]]
}

a_file_takes_it_out_of_service() {
    upstream_start
    watched_mirror
    get "/v2/library/busybox/manifests/latest" >/dev/null
    touch down
    wait_until 10 "the mirror to be unhealthy" is_at /debug/health 503
    grep -qF 'file exists' body || fail "it does not say why: $(cat body)"
    expect_equal "$(status_of /v2/)" 503 "the status for clients"
    expect_equal "$(look /readyz) $(look /livez)" "503 200" "readiness and liveness"
    rm down
    wait_until 10 "the mirror to be healthy" is_at /debug/health 200
    expect_equal "$(status_of /v2/)" 200 "the status for clients"
}

an_upstream_that_is_down_is_no_illness() {
    upstream_start
    watched_mirror
    fresh_client skopeo
    pull skopeo library/busybox:latest
    upstream_stop
    get "/v2/library/busybox/manifests/latest" >/dev/null
    status_of /v2/library/none/manifests/latest >/dev/null
    # The checks go on meanwhile: one of them fails, and passes again.
    touch down
    wait_until 10 "the mirror to be unhealthy" is_at /debug/health 503
    rm down
    wait_until 10 "the mirror to be healthy" is_at /debug/health 200
    expect_equal "$(look /debug/health) $(look /readyz) $(look /livez)" "200 200 200" \
        "what probes see"
}

a_broken_storage_turns_clients_away() {
    upstream_start
    watched_mirror
    mv "$MIRROR_STORE" away
    : >"$MIRROR_STORE"
    wait_until 10 "the mirror to be unhealthy" is_at /debug/health 503
    grep -qF 'storagedriver_filesystem' body || fail "it does not say what: $(cat body)"
    expect_equal "$(status_of /v2/)" 503 "the status for clients"
    jq -e '.errors[0].code == "UNAVAILABLE"' "$STATE/work/body" >/dev/null ||
        fail "clients are told $(cat "$STATE/work/body")"
    expect_equal "$(look /readyz) $(look /livez)" "503 200" "readiness and liveness"
    rm "$MIRROR_STORE"
    mv away "$MIRROR_STORE"
    wait_until 10 "the mirror to be healthy" is_at /debug/health 200
    get "/v2/library/busybox/manifests/latest" >/dev/null
}

it "a file takes the mirror out of service" a_file_takes_it_out_of_service
it "a storage that is broken turns clients away" a_broken_storage_turns_clients_away
it "an upstream that is down makes no mirror unhealthy" an_upstream_that_is_down_is_no_illness
