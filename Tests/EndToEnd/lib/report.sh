# shellcheck shell=bash
# One line for each test, one line for all of them.

PASSED=0
FAILED=0

report_success() {
    PASSED=$((PASSED + 1))
    echo "ok - $1"
}

report_failure() {
    FAILED=$((FAILED + 1))
    echo "not ok - $1"
}

report_summary() {
    echo "$PASSED passed, $FAILED failed"
    ((FAILED == 0 && PASSED > 0))
}
