# shellcheck shell=bash
# A manifest that is held, by its digest, on connections that stay open.

hot_manifest_contestants() {
    echo mirrord nginx nginx_open registry
}

hot_manifest_run() {
    local requests seconds errors cpu
    start_hot "$1"
    read -r requests _ seconds errors cpu \
        < <(put_under_load "$MANIFEST_CONNECTIONS" "$MANIFEST")
    record hot_manifest "$1" $((requests * 1000 / ${seconds/./})) \
        "$(per "$requests" "$cpu" 1)" "$errors" "$(server_peak_memory)"
}

hot_manifest_print() {
    print_table hot_manifest nginx \
        "hot manifest by digest, $MANIFEST_CONNECTIONS connections, ${HOT_SECONDS} s" \
        "requests/s:0:ratio" "per CPU s:0:ratio" "errors:0" "peak MiB:0"
}
