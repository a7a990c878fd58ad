# shellcheck shell=bash
# A mirror that lets in whoever has a token of a token service.

# start_token_mirror ALGORITHM
start_token_mirror() {
    upstream_start
    token_mirror "$1"
    mirror_start "$UPSTREAM"
}

# gets_a_token_and_pulls CLIENT ALGORITHM
gets_a_token_and_pulls() {
    start_token_mirror "$2"
    fresh_client "$1"
    expect_failure "a login with a wrong password" log_in "$1" ann swordfish
    expect_failure "a pull by a stranger" pull_as_known "$1" library/busybox
    log_in "$1" ann sesame
    pull_as_known "$1" library/busybox
    mirror_logs " - ann [" || fail "the access log does not name the user"
    upstream_mark
    expect_failure "a pull that the token does not allow" pull_as_known "$1" "$BLOBS"
    expect_upstream_requests 0 "(GET|HEAD) /v2/$BLOBS/.*" "requests for what is not allowed"
    stop_process tokens
}

token() {
    curl -sf --user ann:sesame "http://$TOKEN_SERVICE/token?service=mirror&scope=$1" |
        jq -r .token
}

challenges_as_the_reference() {
    local realm="Bearer realm=\"http://$TOKEN_SERVICE/token\",service=\"mirror\"" good
    local scope=',scope="repository:library/busybox:pull"'
    start_token_mirror RS256
    expect_equal "$(challenge /v2/)" "$realm" "the challenge"
    expect_equal "$(challenge /v2/library/busybox/tags/list)" "$realm$scope" \
        "the challenge for a repository"
    expect_equal "$(challenge /v2/_catalog)" "$realm,scope=\"registry:catalog:*\"" \
        "the challenge for the catalog"
    expect_equal "$(challenge /v2/library/busybox/tags/list x.y.z)" \
        "$realm$scope,error=\"invalid_token\"" "the challenge for a bad token"
    good=$(token repository:library/busybox:pull)
    expect_equal "$(challenge /v2/library/other/tags/list "$good")" \
        "$realm,scope=\"repository:library/other:pull\",error=\"insufficient_scope\"" \
        "the challenge for what is not allowed"
    expect_equal "$(status_of /v2/library/busybox/tags/list -H "Authorization: Bearer $good")" \
        200 "the status with a good token"
    stop_process tokens
}

# challenge PATH [TOKEN]
challenge() {
    status_of "$1" -D fields -H "Authorization: Bearer ${2:-}" >/dev/null
    tr -d '\r' <fields | sed -n 's/^[Ww][Ww][Ww]-Authenticate: //p'
}

for client in "${CLIENTS_WITH_LOGIN[@]}"; do
    it "$client logs in, gets a token and pulls" gets_a_token_and_pulls "$client" RS256
done
it "skopeo pulls by a token of ES256" gets_a_token_and_pulls skopeo ES256
it "challenges are the reference's" challenges_as_the_reference
