# shellcheck shell=bash
# A certificate that is replaced under a running mirror.

# A download that is under way goes on, while whoever comes next is shown the new certificate.
shows_the_new_certificate() {
    local digest download old new
    digest=$(digest_of blob-200)
    upstream_start
    secure_mirror
    mirror_start "$UPSTREAM"
    expect_blob "$BLOBS" "$digest"
    old=$(shown_certificate)
    digest_of_body "$(blob_path "$BLOBS" "$digest")" --limit-rate 60M >got &
    download=$!
    wait_until 10 "the download to begin" download_is_under_way
    make_certificate server authority
    new=$(openssl x509 -noout -serial -in server.pem)
    [[ $new != "$old" ]] || fail "the new certificate is the old one"
    wait_until 5 "the new certificate to be shown" shows_certificate "$new"
    download_is_under_way || fail "the download had ended before"
    wait "$download"
    expect_equal "$(cat got)" "$digest" "what was under way"
}

shows_certificate() {
    [[ $(shown_certificate) == "$1" ]]
}

download_is_under_way() {
    ss --no-header --tcp state established "sport = :${MIRROR#*:}" | awk '$2 > 0 { found = 1 } END { exit !found }'
}

keeps_the_old_certificate() {
    local old
    upstream_start
    secure_mirror
    mirror_start "$UPSTREAM"
    old=$(shown_certificate)
    openssl ecparam -name prime256v1 -genkey -noout -out server.key
    kill -HUP "${PIDS[mirror]}"
    wait_until 5 "the mirror to complain" mirror_logs "certificate cannot be reloaded"
    mirror_logs "key values mismatch" || fail "the log does not say why"
    expect_equal "$(shown_certificate)" "$old" "the certificate shown"
    make_certificate server authority
    kill -HUP "${PIDS[mirror]}"
    wait_until 5 "the mirror to read it" mirror_logs "certificate reloaded"
    shows_certificate "$(openssl x509 -noout -serial -in server.pem)" ||
        fail "the new certificate is not shown"
}

tells_plain_http_to_be_secure() {
    upstream_start
    secure_mirror
    mirror_start "$UPSTREAM"
    expect_equal "$(curl -s "http://$MIRROR/v2/" | jq -r '.errors[0].detail')" \
        "Client sent an HTTP request to an HTTPS server." "the answer to plain HTTP"
    expect_equal "$(curl -s -o /dev/null -w '%{http_code}' "$MIRROR_URL/v2/")" 200 "that over TLS"
}

it "a new certificate is shown at once, and a download under way goes on" \
    shows_the_new_certificate
it "a certificate without its key leaves the one before" keeps_the_old_certificate
it "plain HTTP at the port of TLS is told so" tells_plain_http_to_be_secure
