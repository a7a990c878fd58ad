# shellcheck shell=bash
# Requests to the mirror.

# get PATH [CURL OPTION...]: the body on standard output; a status above 399 is a failure.
get() {
    curl --silent --show-error --fail --max-time "$PULL_LIMIT" "${@:2}" "$MIRROR_URL$1"
}

# status_of PATH [CURL OPTION...]
status_of() {
    curl --silent --max-time "$PULL_LIMIT" -o "$STATE/work/body" -w '%{http_code}' "${@:2}" \
        "$MIRROR_URL$1" || true
}

# digest_of_body PATH [CURL OPTION...]
digest_of_body() {
    get "$@" | digest_of_stream
}

digest_of_stream() {
    echo "sha256:$(sha256sum | cut -d' ' -f1)"
}

blob_path() {
    echo "/v2/$1/blobs/$2"
}

# expect_blob REPOSITORY DIGEST: the mirror serves it whole and right.
expect_blob() {
    expect_equal "$(digest_of_body "$(blob_path "$1" "$2")")" "$2" "the digest of what was served"
}

# forty_clients_get PATH DIGEST: all at once, and each gets just that.
forty_clients_get() {
    local client clients=()
    for client in $(seq 40); do
        digest_of_body "$1" >"client-$client" &
        clients+=($!)
    done
    wait "${clients[@]}"
    for client in $(seq 40); do
        expect_equal "$(cat "client-$client")" "$2" "what client $client got"
    done
}
