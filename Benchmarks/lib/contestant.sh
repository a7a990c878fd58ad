# shellcheck shell=bash
# A contestant listens on SERVER; each is a file in contestants/ with a function NAME_start.

# start_cold NAME: with an empty store.
start_cold() {
    start_upstream
    "$1_start"
    wait_for_http "$SERVER" server
}

# start_hot NAME: holding what will be asked for, and proved to serve the right bytes.
start_hot() {
    local path
    start_cold "$1"
    for path in "$CONFIG" "$HOT_BLOB" "$MANIFEST" "$HOT_BLOB" "$MANIFEST"; do
        expect_right_bytes "$1" "$path"
    done
}

# expect_right_bytes NAME PATH
expect_right_bytes() {
    local digest
    digest=sha256:$(curl --silent --header "$ACCEPT" "http://$SERVER$2" | sha256sum | cut -d' ' -f1)
    if [[ $digest != "${2##*/}" ]]; then
        echo "$1 serves wrong bytes for $2" >&2
        exit 1
    fi
}
