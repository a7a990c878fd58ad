# shellcheck shell=bash
# Results are lines "contestant value value…" in a file for each measure; tables are made of their
# medians, and of the ratios of these to nginx's.

# record MEASURE CONTESTANT VALUE...
record() {
    echo "${*:2}" >>"$STATE/$1.results"
}

# median_of MEASURE CONTESTANT COLUMN
median_of() {
    awk -v name="$2" -v column="$(($3 + 1))" '$1 == name { print $column }' "$STATE/$1.results" |
        sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# print_table MEASURE BASE "TITLE" "HEADING:DIGITS[:ratio]"...: one column for each value, and one
# more with its ratio to BASE's where that is asked for.
print_table() {
    local measure=$1 base=$2 column
    progress ""
    printf '\n%s\n' "$3"
    shift 3
    print_headings "$base" "$@"
    for contestant in $("${measure}_contestants"); do
        printf '  %-12s' "$contestant"
        for column in $(seq $#); do
            print_cell "$measure" "$contestant" "$base" "$column" "${!column}"
        done
        echo
    done
}

print_headings() {
    local base=$1 column
    printf '  %-12s' ""
    for column in "${@:2}"; do
        printf ' %14s' "${column%%:*}"
        [[ $column != *:ratio ]] || printf ' %8s' "/ nginx"
    done
    echo
}

# print_cell MEASURE CONTESTANT BASE COLUMN FORMAT
print_cell() {
    local value digits=${5#*:}
    value=$(median_of "$1" "$2" "$4")
    printf ' %14.*f' "${digits%%:*}" "$value"
    [[ $5 != *:ratio ]] || awk -v a="$value" -v b="$(median_of "$1" "$3" "$4")" \
        'BEGIN { if (b > 0) printf " %8.2f", a / b; else printf " %8s", "-" }'
}
