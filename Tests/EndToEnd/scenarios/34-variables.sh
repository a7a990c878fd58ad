# shellcheck shell=bash
# What the reference registry is set up by sets up mirrord: environment variables alone, or over a
# file.

mirrors_by_variables_alone() {
    upstream_start
    start_process mirror env REGISTRY_PROXY_REMOTEURL="http://$UPSTREAM" \
        REGISTRY_HTTP_ADDR="$MIRROR" REGISTRY_HTTP_SECRET=x REGISTRY_SERVICE_HOST=192.0.2.1 \
        REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY="$MIRROR_STORE" \
        REGISTRY_HTTP_HEADERS='{X-Rack: ["7"]}' REGISTRY_LOG_FORMATTER=logstash \
        "$MIRRORD" serve
    wait_until 10 "the mirror to listen" curl -sf "http://$MIRROR/v2/"
    expect_blob "$BLOBS" "$(digest_of blob-64)"
    expect_equal "$(get /v2/ -o /dev/null -D - | tr -d '\r' | grep -i '^x-rack')" "X-Rack: 7" \
        "the header field"
    mirror_stores_at_least $((64 * MIB)) || fail "the blob is not where the variable says"
    mirror_stop
    grep '^{' "$TEST_DIR/mirror.log" >events
    expect_equal "$(jq -r 'select(.level == "warning").message' events)" "" "the warnings"
    expect_equal "$(jq -rs '[.[]."@version"] | unique | .[]' events)" 1 \
        "the version of Logstash's events"
}

prints_what_is_in_effect() {
    mirror_config "$UPSTREAM" >config.yml
    REGISTRY_PROXY_USERNAME=tim REGISTRY_PROXY_PASSWORD=sesame REGISTRY_REDIS_ADDR=a:1 \
        "$MIRRORD" check config.yml >effective.yml 2>warnings
    grep -q '^REGISTRY_REDIS_ADDR: redis is not supported' warnings ||
        fail "the warning is '$(cat warnings)'"
    grep -q '^  username: tim  # REGISTRY_PROXY_USERNAME$' effective.yml ||
        fail "the variable is not in effect"
    expect_failure "a secret is printed" grep -q sesame effective.yml
    "$MIRRORD" check effective.yml >again.yml
    diff <(sed 's/  #.*//' effective.yml) <(sed 's/  #.*//' again.yml) ||
        fail "what is printed means something else"
}

completes_its_arguments() {
    # shellcheck disable=SC1090
    source <("$MIRRORD" completion bash)
    COMP_WORDS=(mirrord ch) COMP_CWORD=1
    _mirrord
    expect_equal "${COMPREPLY[*]}" check "what completes ch"
    COMP_WORDS=(mirrord completion "") COMP_CWORD=2
    _mirrord
    expect_equal "${COMPREPLY[*]}" "bash zsh fish" "what completes completion"
}

# program_start PROGRAM: a mirror in the shape that containers have it: a file of the reference's
# image, and variables.
program_start() {
    cat >config.yml <<-END
	version: 0.1
	log: {fields: {service: registry}}
	storage:
	  cache: {blobdescriptor: inmemory}
	  filesystem: {rootdirectory: /var/lib/registry}
	  delete: {enabled: true}
	http:
	  addr: :5000
	  headers: {X-Content-Type-Options: [nosniff]}
	END
    start_process mirror env REGISTRY_PROXY_REMOTEURL="http://$UPSTREAM" \
        REGISTRY_HTTP_ADDR="$MIRROR" REGISTRY_HTTP_SECRET=x REGISTRY_LOG_LEVEL=debug \
        REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY="$MIRROR_STORE" \
        "$1" serve config.yml
    wait_until 10 "$1 to listen" curl -sf "http://$MIRROR/v2/"
}

takes_the_references_place() {
    local digest layers=$MIRROR_STORE/docker/registry/v2/repositories/$BLOBS/_layers/sha256
    digest=$(digest_of blob-64)
    upstream_start
    program_start docker-registry
    expect_blob "$BLOBS" "$digest"
    wait_until 10 "the reference to store the blob" test -s "$layers/${digest#sha256:}/link"
    mirror_stop
    : >"$TEST_DIR/mirror.log"
    program_start "$MIRRORD"
    upstream_mark
    expect_blob "$BLOBS" "$digest"
    expect_upstream_requests 0 "GET .*/blobs/.*" "requests for what the reference stored"
    expect_failure "mirrord warns of something" grep level=warning "$TEST_DIR/mirror.log"
}

it "the reference's file and variables serve mirrord on its directory" takes_the_references_place
it "variables alone make a mirror" mirrors_by_variables_alone
it "check prints what is in effect" prints_what_is_in_effect
it "bash completes the arguments" completes_its_arguments
