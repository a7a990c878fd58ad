# shellcheck shell=bash
# What operators' programs read of a mirror that real clients pull from.

scrape() {
    curl --silent --show-error --fail --max-time 10 "http://$MIRROR_DEBUG/metrics"
}

# number NAME{LABELS}: of the last scrape.
number() {
    awk -v name="$1" '$1 == name { print $2 }' numbers
}

numbers_are_in_order_and_right() {
    local pulled requested
    # shellcheck disable=SC2034
    MIRROR_HTTP=("debug: {addr: '$MIRROR_DEBUG', prometheus: {enabled: true}}")
    start_upstream_and_mirror
    scrape >numbers
    fresh_client "$1"
    pull "$1" library/busybox:latest
    scrape >numbers
    pulled=$(number 'registry_proxy_pulled_bytes_total{type="blob"}')
    ((pulled > 0)) || fail "no bytes were pulled"
    "$1_forget"
    pull "$1" library/busybox:latest
    scrape >numbers
    expect_equal "$(number 'registry_proxy_pulled_bytes_total{type="blob"}')" "$pulled" \
        "the bytes of blobs after a second pull"
    requested=$(number 'registry_proxy_requests_total{type="manifest"}')
    ((requested > 1)) || fail "$requested manifests were asked for"
    expect_equal "$(number 'mirrord_fills_in_flight')" 0 "fills in flight"
    ! grep -q busybox numbers || fail "a number names a repository"
    # Prometheus's own check, where it is installed.
    if command -v promtool >/dev/null; then
        promtool check metrics <numbers || fail "promtool finds fault with the numbers"
    fi
}

for_each_client "numbers are in order, and say what was pulled" numbers_are_in_order_and_right
