# shellcheck shell=bash
# skopeo, which asks the mirror by its own address and keeps an image as a directory of files.

readonly SKOPEO=$STATE/skopeo
SKOPEO_SOURCE=$MIRROR
SKOPEO_VERIFIES=false

skopeo_start() {
    mkdir -p "$SKOPEO"
}

skopeo_secure() {
    SKOPEO_SOURCE=${MIRROR_URL#https://}
    SKOPEO_VERIFIES=true
}

skopeo_is_ready() {
    skopeo --version
}

# skopeo_pull REFERENCE [OPTION...]
skopeo_pull() {
    mkdir -p "$(skopeo_directory "$1")"
    timeout "$PULL_LIMIT" skopeo --insecure-policy copy "--src-tls-verify=$SKOPEO_VERIFIES" \
        "${@:2}" "docker://$SKOPEO_SOURCE/$1" "dir:$(skopeo_directory "$1")"
}

skopeo_directory() {
    echo "$SKOPEO/${1//[:\/]/-}"
}

skopeo_digest() {
    digest_of_stream <"$(skopeo_directory "$1")/manifest.json"
}

skopeo_read_note() {
    local layer
    layer=$(jq -r '.layers[0].digest' "$(skopeo_directory "$1")/manifest.json")
    tar --extract --to-stdout --file "$(skopeo_directory "$1")/${layer#sha256:}" ./note
}

skopeo_forget() {
    rm -rf "${SKOPEO:?}"/*
}
