# shellcheck shell=bash
# Names that every part of the tests agrees on.
# shellcheck disable=SC2034

readonly LOGS=$STATE/logs

# The registry that plays the upstream; a slow line to it; the mirror under test.
readonly UPSTREAM=127.0.0.1:5001
readonly SLOW_UPSTREAM=127.0.0.1:5002
readonly MIRROR=127.0.0.1:5000

readonly CLIENTS=(dockerd containerd podman skopeo)

# Containers go below a control group of this name, which Scripts/isolate removes.
readonly CGROUP=${STATE##*/}

# Seconds after which a pull that has not ended has failed.
readonly PULL_LIMIT=60
