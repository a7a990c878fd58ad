# shellcheck shell=bash
# Comparisons that say what they compared.

# expect_equal ACTUAL EXPECTED "WHAT"
expect_equal() {
    [[ $1 == "$2" ]] || fail "$3 is '$1', not '$2'"
}

# expect_same_bytes FILE FILE "WHAT"
expect_same_bytes() {
    cmp --silent "$1" "$2" || fail "$3 has other bytes"
}

# expect_failure "WHAT" COMMAND...
expect_failure() {
    local what=$1
    shift
    if succeeds "$@"; then
        fail "$what worked, and must not"
    fi
}
