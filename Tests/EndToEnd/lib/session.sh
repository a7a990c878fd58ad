#!/usr/bin/env bash
# One run of the tests, from inside the namespaces that ../run has made.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for part in "$here"/lib/*.sh "$here"/lib/clients/*.sh; do
    # shellcheck source=/dev/null
    [[ $part == */session.sh ]] || source "$part"
done

scenario_is_wanted() {
    local word
    (($# > 1)) || return 0
    for word in "${@:2}"; do
        [[ ${1##*/} != *"$word"* ]] || return 0
    done
    return 1
}

run_scenarios() {
    local scenario
    for scenario in "$here"/scenarios/*.sh; do
        if scenario_is_wanted "$scenario" "$@"; then
            # shellcheck source=/dev/null
            source "$scenario"
        fi
    done
}

prepare_machine
if tools_are_installed; then
    it "the upstream is filled with images" fill_upstream
    start_clients
    run_scenarios "$@"
fi
report_summary
