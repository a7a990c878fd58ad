# shellcheck shell=bash
# A mirror that asks for a name and a password, by a file of `htpasswd`.

start_password_mirror() {
    upstream_start
    password_mirror ann sesame bob swordfish
    mirror_start "$UPSTREAM"
}

logs_in_and_pulls() {
    start_password_mirror
    fresh_client "$1"
    expect_failure "a login with a wrong password" log_in "$1" ann swordfish
    expect_failure "a pull by a stranger" pull_as_known "$1" library/busybox
    log_in "$1" ann sesame
    pull_as_known "$1" library/busybox
    mirror_logs " - ann [" || fail "the access log does not name the user"
    expect_failure "a password is in the log" mirror_logs sesame
}

skopeo_takes_credentials() {
    start_password_mirror
    fresh_client skopeo
    skopeo_pull library/busybox:latest --src-creds bob:swordfish
    expect_image skopeo library/busybox:latest "$(digest_of busybox)" "first light"
    expect_failure "a wrong password" \
        skopeo_pull library/busybox:latest --src-creds bob:sesame
}

shows_nothing_to_strangers() {
    local path digest
    start_password_mirror
    digest=$(digest_of blob-64)
    get "$(blob_path "$BLOBS" "$digest")" --user ann:sesame -o /dev/null
    upstream_mark
    for path in /v2/ /v2/_catalog "/v2/$BLOBS/tags/list" "/v2/library/busybox/manifests/latest" \
        "$(blob_path "$BLOBS" "$digest")" "/v2/$BLOBS/referrers/$digest"; do
        expect_equal "$(status_of "$path")" 401 "the status of $path"
        expect_equal "$(status_of "$path" --head)" 401 "the status of HEAD $path"
        expect_equal "$(status_of "$path" --user eve:sesame)" 401 "the status of $path for eve"
    done
    expect_equal "$(status_of /v2/ -D fields)" 401 "the status"
    grep -qi '^www-authenticate: Basic realm="lab"' fields || fail "the challenge is not there"
    grep -qi '^docker-distribution-api-version: registry/2.0' fields || fail "it is no registry"
    expect_equal "$(jq -r '.errors[0].code' body)" UNAUTHORIZED "the error"
    expect_upstream_requests 0 "(GET|HEAD) /v2/(library|$BLOBS)/.*" "requests for strangers"
}

follows_the_file() {
    start_password_mirror
    expect_equal "$(status_of /v2/ --user ann:sesame)" 200 "the status for ann"
    : >users.new
    mv users.new users
    wait_until 5 "ann to be turned away" test_status 401 ann:sesame
    add_user cleo asp
    wait_until 5 "cleo to be let in" test_status 200 cleo:asp
    echo damaged >>users
    wait_until 5 "the mirror to tell of it" test_logged 200 cleo:asp
    rm users
    expect_equal "$(status_of /v2/ --user cleo:asp)" 200 "the status while there is no file"
}

test_status() {
    [[ $(status_of /v2/ --user "$2") == "$1" ]]
}

test_logged() {
    test_status "$@" && mirror_logs "file of users cannot be read anew"
}

# A certificate lets a client connect; the password says who it is.
wants_both() {
    make_authority clients
    make_certificate builder clients
    upstream_start
    password_mirror ann sesame
    secure_mirror "clientcas: [$PWD/clients.pem]"
    mirror_start "$UPSTREAM"
    local way=(--resolve "$MIRROR_NAME:${MIRROR#*:}:127.0.0.1" --cert builder.pem --key builder.key)
    expect_equal "$(secure_status "${way[@]}")" 401 "the status with a certificate alone"
    expect_equal "$(secure_status "${way[@]}" --user ann:sesame)" 200 "the status with both"
    mirror_logs " - ann [" || fail "the access log does not name the user"
    mirror_logs "auth.certificate.subject=" || fail "the log does not name the certificate"
}

secure_status() {
    curl --silent --max-time "$PULL_LIMIT" -o /dev/null -w '%{http_code}' "$@" "$MIRROR_URL/v2/" ||
        true
}

does_not_start_without_a_readable_file() {
    password_mirror ann sesame
    rm users
    mkdir users
    mirror_config "$UPSTREAM" >"$MIRROR_CONFIG"
    expect_failure "a start with a folder of users" "$MIRRORD" serve "$MIRROR_CONFIG" 2>errors
    expect_equal "$(wc -l <errors)" 1 "the lines that it says"
    grep -q "$PWD/users: Is a directory" errors || fail "it says '$(cat errors)'"
}

lets_nobody_in_without_its_file() {
    upstream_start
    password_mirror ann sesame
    rm users
    mirror_start "$UPSTREAM"
    mirror_logs "nobody gets in: make it with htpasswd -Bc" || fail "it says nothing of it"
    expect_equal "$(status_of /v2/ --user ann:sesame)" 401 "the status without a file"
    add_user ann sesame
    wait_until 5 "ann to be let in" lets_ann_in
}

lets_ann_in() {
    [[ $(status_of /v2/ --user ann:sesame) == 200 ]]
}

for client in "${CLIENTS_WITH_LOGIN[@]}"; do
    it "$client logs in by a password and pulls" logs_in_and_pulls "$client"
done
it "skopeo takes credentials by --creds" skopeo_takes_credentials
it "strangers see nothing" shows_nothing_to_strangers
it "users come and go with their file" follows_the_file
it "a certificate does not stand in for a password" wants_both
it "with a file of users that cannot be read nothing starts" does_not_start_without_a_readable_file
it "without a file of users nobody gets in until there is one" lets_nobody_in_without_its_file
