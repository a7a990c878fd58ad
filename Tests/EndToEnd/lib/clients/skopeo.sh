# shellcheck shell=bash
# skopeo, which asks the mirror by its own address and keeps an image as a directory of files.

readonly SKOPEO=$STATE/skopeo

skopeo_start() {
    mkdir -p "$SKOPEO"
}

skopeo_is_ready() {
    skopeo --version
}

# skopeo_pull REFERENCE [OPTION...]
skopeo_pull() {
    mkdir -p "$(skopeo_directory "$1")"
    timeout "$PULL_LIMIT" skopeo --insecure-policy copy --src-tls-verify=false "${@:2}" \
        "docker://$MIRROR/$1" "dir:$(skopeo_directory "$1")"
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
