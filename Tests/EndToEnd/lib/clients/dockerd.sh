# shellcheck shell=bash
# Docker's daemon, with the mirror as its registry mirror.

DOCKERD=$STATE/dockerd

dockerd_start() {
    mkdir -p "$DOCKERD"
    start_process dockerd dockerd --host "unix://$DOCKERD/socket" --pidfile "$DOCKERD/pid" \
        --data-root "$DOCKERD/data" --exec-root "$DOCKERD/exec" --cgroup-parent "$CGROUP" \
        --iptables=false --bridge=none --registry-mirror "$MIRROR_URL"
}

# Another daemon, since this one has been told of its mirror.
dockerd_secure() {
    DOCKERD=$STATE/dockerd-tls
    process_is_alive dockerd || dockerd_start
}

docker_command() {
    timeout "$PULL_LIMIT" docker --host "unix://$DOCKERD/socket" "$@"
}

dockerd_is_ready() {
    docker_command info --format '{{.ServerVersion}}'
}

dockerd_pull() {
    docker_command pull "$1"
}

dockerd_digest() {
    docker_command image inspect --format '{{index .RepoDigests 0}}' "$1" | cut -d@ -f2
}

dockerd_read_note() {
    docker_command run --rm --network none "$1" cat /note
}

# Removing an image leaves its manifest in the content store of dockerd's own containerd, from
# where the next pull would take it without asking anybody.
dockerd_forget() {
    docker_command system prune --all --force
    ctr --address "$DOCKERD/exec/containerd/containerd.sock" --namespace moby \
        content prune references
}
