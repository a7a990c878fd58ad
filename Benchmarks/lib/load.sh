# shellcheck shell=bash
# The load: wrk for what is held, curl for what is not.

readonly SUMMARY_SCRIPT=${BASH_SOURCE[0]%/*}/summary.lua

# put_under_load CONNECTIONS PATH: prints "requests bytes seconds errors cpu-seconds".
put_under_load() {
    local before after summary
    before=$(server_cpu_seconds)
    summary=$(taskset -c "$LOAD_CORE" wrk --threads 1 --connections "$1" \
        --duration "${HOT_SECONDS}s" --timeout 30s --header "$ACCEPT" --script "$SUMMARY_SCRIPT" \
        "http://$SERVER$2" | sed -n 's/^summary //p')
    after=$(server_cpu_seconds)
    echo "$summary $(difference "$after" "$before")"
}

# download_by CLIENTS PATH: prints "seconds slowest-first-byte complete cpu-seconds".
download_by() {
    local clients=$1 path=$2 cpu started ended
    cpu=$(server_cpu_seconds)
    started=$EPOCHREALTIME
    seq "$clients" | taskset -c "$LOAD_CORE" xargs -P "$clients" -I{} curl --silent \
        --output /dev/null --write-out '%{time_starttransfer} %{size_download}\n' \
        "http://$SERVER$path" >"$STATE/clients" || true
    ended=$EPOCHREALTIME
    echo "$(difference "$ended" "$started") $(slowest_first_byte) $(complete_clients "$path")" \
        "$(difference "$(server_cpu_seconds)" "$cpu")"
}

slowest_first_byte() {
    awk '$1 > slowest { slowest = $1 } END { print slowest + 0 }' "$STATE/clients"
}

# complete_clients PATH: how many have got all of it.
complete_clients() {
    awk -v size="$(stat -c %s "$WWW$1")" '$2 == size' "$STATE/clients" | wc -l
}
