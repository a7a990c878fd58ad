# shellcheck shell=bash
# A test is a function that runs in a subshell of its own, with a directory of its own, and
# fails at the first command that fails. What it starts, it does not outlive.

# it "NAME" FUNCTION [ARGUMENT...]
it() {
    local name=$1 status started=$EPOCHREALTIME
    shift
    TEST_DIR=$LOGS/$(slug "$name")
    mkdir -p "$TEST_DIR"
    set +e
    (run_test "$@") >"$TEST_DIR/test.log" 2>&1
    status=$?
    set -e
    if ((status == 0)); then
        report_success "$name ($(seconds_since "$started") s)"
        rm -rf "$TEST_DIR"
    else
        report_failure "$name: $(reason) (logs in $TEST_DIR)"
    fi
    rm -rf "$STATE/work"
}

# for_each_client "WHAT IT DOES" FUNCTION: the same test once for each client.
for_each_client() {
    local client
    for client in "${CLIENTS[@]}"; do
        it "$client $1" "$2" "$client"
    done
}

# The directory is work space for files that nobody needs after the test.
run_test() {
    set -eEuo pipefail
    trap note_failed_command ERR
    trap stop_all_processes EXIT
    forget_processes
    mkdir -p "$STATE/work"
    cd "$STATE/work"
    "$@"
    mirror_must_be_alive
}

# Ends the test. The first reason given is the one reported.
fail() {
    [[ -e $TEST_DIR/reason ]] || echo "$*" >"$TEST_DIR/reason"
    echo "FAILED: $*" >&2
    exit 1
}

note_failed_command() {
    local status=$? where=${BASH_SOURCE[1]##*/}:${BASH_LINENO[0]}
    [[ -e $TEST_DIR/reason ]] ||
        echo "$where: ${BASH_COMMAND%% *} gave $status: $(tail -n 1 "$TEST_DIR/test.log")" \
            >"$TEST_DIR/reason"
}

reason() {
    head -n 1 "$TEST_DIR/reason" 2>/dev/null || echo "stopped without a reason"
}

slug() {
    tr -cs '[:alnum:]\n' - <<<"${1,,}"
}

seconds_since() {
    awk -v start="$1" -v now="$EPOCHREALTIME" 'BEGIN { printf "%.1f", now - start }'
}
