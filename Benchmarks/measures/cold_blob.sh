# shellcheck shell=bash
# A blob of 256 MiB that nobody has asked for yet, for one client and for many at once.

cold_blob_1_contestants() {
    echo mirrord nginx_cache registry
}

cold_blob_32_contestants() {
    cold_blob_1_contestants
}

cold_blob_1_run() {
    cold_blob_run cold_blob_1 "$1" 1
}

cold_blob_32_run() {
    cold_blob_run cold_blob_32 "$1" 32
}

# cold_blob_run MEASURE CONTESTANT CLIENTS
cold_blob_run() {
    local seconds first complete cpu memory
    start_cold "$2"
    read -r seconds first complete cpu < <(download_by "$3" "$COLD_BLOB")
    memory=$(server_peak_memory)
    stop_process server
    stop_process upstream QUIT
    record "$1" "$2" "$seconds" "$first" "$(per "$cpu" "$(cold_size)" 1000000000)" \
        "$(per "$(upstream_bytes "$COLD_BLOB")" "$(cold_size)" 1)" $(($3 - complete)) "$memory"
}

cold_size() {
    stat -c %s "$WWW$COLD_BLOB"
}

cold_blob_1_print() {
    cold_blob_print cold_blob_1 "cold blob of 256 MiB, 1 client"
}

cold_blob_32_print() {
    cold_blob_print cold_blob_32 "cold blob of 256 MiB, 32 clients at once"
}

cold_blob_print() {
    print_table "$1" nginx_cache "$2 (CPU and upstream's bytes per unique byte)" \
        "seconds:2:ratio" "first byte s:3" "CPU s/GB:2:ratio" "upstream:2" "incomplete:0" \
        "peak MiB:0"
}
