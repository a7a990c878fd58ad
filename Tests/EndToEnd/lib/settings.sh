# shellcheck shell=bash
# Names that every part of the tests agrees on.
# shellcheck disable=SC2034

readonly LOGS=$STATE/logs

# Where these files lie, and what ships with the program.
LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly LIB PACKAGING=$LIB/../../../Packaging

# The registry that plays the upstream; a slow line to it; the mirror under test.
readonly UPSTREAM=127.0.0.1:5001
readonly SLOW_UPSTREAM=127.0.0.1:5002
readonly MIRROR=127.0.0.1:5000

# Where operators look at it.
readonly MIRROR_DEBUG=127.0.0.1:5003

# Where the mirror listens and how it is asked; a test of TLS changes both. For that it has a name,
# and an address that is not of the loopback network: there dockerd believes everybody.
MIRROR_LISTEN=$MIRROR
MIRROR_URL=http://$MIRROR
readonly MIRROR_NAME=mirror.test
readonly MIRROR_ADDRESS=192.0.2.1

# Where dockerd, podman and skopeo find certificates for it; containerd is told of the same files.
readonly MIRROR_CERTS=/etc/docker/certs.d/$MIRROR_NAME:${MIRROR#*:}

readonly CLIENTS=(dockerd containerd podman skopeo)
# Those that can log in, by the mirror's own name.
readonly CLIENTS_WITH_LOGIN=(dockerd podman skopeo)

# Containers go below a control group of this name, which Scripts/isolate removes.
readonly CGROUP=${STATE##*/}

# Seconds after which a pull that has not ended has failed.
readonly PULL_LIMIT=60
