# shellcheck shell=bash
# `mirrord serve` with no file and no network: it starts, and says what it cannot do.

starts_on_nothing() {
    start_process mirror "$MIRRORD" serve
    wait_until 10 "the mirror to listen" curl -sf "http://$MIRROR/v2/"
    expect_equal "$(status_of /v2/)" 200 "the status of /v2/"
    local status
    status=$(status_of /v2/library/busybox/manifests/latest --max-time 30)
    [[ $status == 404 || $status == 50[0234] ]] || fail "a pull without a network answers $status"
}

it "starts on its embedded default without a network" starts_on_nothing
