#!/usr/bin/env bash
# One run of the benchmarks, from inside the namespaces that ../run has made.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for part in "$here"/lib/*.sh "$here"/contestants/*.sh "$here"/measures/*.sh; do
    # shellcheck source=/dev/null
    [[ $part == */session.sh ]] || source "$part"
done

is_wanted() {
    local word
    (($# > 1)) || return 0
    for word in "${@:2}"; do
        [[ $1 != *"$word"* ]] || return 0
    done
    return 1
}

# In turns: what slows the machine for a while slows all of them.
run_rounds() {
    local measure=$1 round contestant
    for round in $(seq "$ROUNDS"); do
        for contestant in $("${measure}_contestants"); do
            progress "$measure, round $round of $ROUNDS: $contestant"
            "${measure}_run" "$contestant"
            stop_all_processes
        done
    done
    "${measure}_print"
}

ip link set lo up
make_content
print_settings
for measure in hot_manifest hot_blob cold_blob_1 cold_blob_32; do
    ! is_wanted "${measure//_/-}" "$@" || run_rounds "$measure"
done
