# shellcheck shell=bash
# A blob of 64 MiB that is held.

hot_blob_contestants() {
    echo mirrord nginx nginx_open registry
}

hot_blob_run() {
    local bytes seconds errors cpu
    start_hot "$1"
    read -r _ bytes seconds errors cpu < <(put_under_load "$BLOB_CONNECTIONS" "$HOT_BLOB")
    record hot_blob "$1" "$(per "$bytes" "$seconds" 0.000000001)" \
        "$(per "$cpu" "$bytes" 1000000000)" "$errors" "$(server_peak_memory)"
}

hot_blob_print() {
    print_table hot_blob nginx "hot blob of 64 MiB, $BLOB_CONNECTIONS connections, ${HOT_SECONDS} s" \
        "GB/s:2:ratio" "CPU s/GB:3:ratio" "errors:0" "peak MiB:0"
}
