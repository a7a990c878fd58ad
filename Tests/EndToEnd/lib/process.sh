# shellcheck shell=bash
# Starting, stopping and waiting for programs in the background.

declare -A PIDS=()

# start_process NAME COMMAND...: its output goes to NAME.log beside the test's own log.
start_process() {
    local name=$1
    shift
    "$@" >>"${TEST_DIR:-$LOGS}/$name.log" 2>&1 &
    PIDS[$name]=$!
}

# stop_process NAME [SIGNAL]: returns when the process has ended. No such process is no error.
stop_process() {
    local pid=${PIDS[$1]:-}
    unset "PIDS[$1]"
    [[ $pid ]] || return 0
    kill "-${2:-TERM}" "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# In a subshell: what its parent started is not its own to stop.
forget_processes() {
    PIDS=()
}

stop_all_processes() {
    local name
    for name in "${!PIDS[@]}"; do
        stop_process "$name" KILL
    done
}

process_is_alive() {
    [[ ${PIDS[$1]:-} ]] && kill -0 "${PIDS[$1]}" 2>/dev/null
}

# wait_until SECONDS "WHAT" COMMAND...: asks again and again; fails the test at the limit.
wait_until() {
    local limit=$1 what=$2 deadline=$((SECONDS + $1))
    shift 2
    until succeeds "$@" >/dev/null 2>&1; do
        ((SECONDS <= deadline)) || fail "waited $limit s for $what"
        sleep 0.02
    done
}

# A command that may fail without that being a failure of the test.
succeeds() {
    (
        trap - ERR
        "$@"
    )
}
