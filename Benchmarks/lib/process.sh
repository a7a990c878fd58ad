# shellcheck shell=bash
# Programs in the background, each on the core it belongs to.

declare -A PIDS=()

# start_process NAME CORE COMMAND...
start_process() {
    local name=$1 core=$2
    shift 2
    taskset -c "$core" "$@" >>"$STATE/$name.log" 2>&1 &
    PIDS[$name]=$!
}

# stop_process NAME [SIGNAL]
stop_process() {
    kill "-${2:-TERM}" "${PIDS[$1]}" 2>/dev/null || true
    wait "${PIDS[$1]}" 2>/dev/null || true
    unset "PIDS[$1]"
}

stop_all_processes() {
    local name
    for name in "${!PIDS[@]}"; do
        stop_process "$name"
    done
}

# wait_for_http ADDRESS NAME
wait_for_http() {
    local deadline=$((SECONDS + 10))
    until curl --silent --fail --output /dev/null "http://$1/v2/"; do
        if ((SECONDS > deadline)); then
            echo "$2 does not answer:" >&2
            tail -n 5 "$STATE/$2.log" >&2
            exit 1
        fi
        sleep 0.02
    done
}

# The server and what it has forked.
server_processes() {
    echo "${PIDS[server]}"
    pgrep --parent "${PIDS[server]}" || true
}

# CPU time of the server so far, in seconds.
server_cpu_seconds() {
    local pid
    for pid in $(server_processes); do
        sed 's/.*) //' "/proc/$pid/stat"
    done | awk -v hertz="$(getconf CLK_TCK)" '{ ticks += $12 + $13 } END { print ticks / hertz }'
}

# The most memory that the server ever had, in MiB.
server_peak_memory() {
    local pid
    for pid in $(server_processes); do
        grep VmHWM "/proc/$pid/status"
    done | awk '{ kib += $2 } END { printf "%.0f\n", kib / 1024 }'
}
