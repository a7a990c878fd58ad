# shellcheck shell=bash
# podman, with the mirror as the mirror of docker.io. It has no daemon.

readonly PODMAN=$STATE/podman

podman_start() {
    mkdir -p "$PODMAN" "$HOME/.config/containers"
    echo '{"default": [{"type": "insecureAcceptAnything"}]}' \
        >"$HOME/.config/containers/policy.json"
    cat >"$PODMAN/registries.conf" <<-END
	[[registry]]
	prefix = "docker.io"
	location = "docker.io"
	[[registry.mirror]]
	location = "$MIRROR"
	insecure = true
	END
}

podman_command() {
    CONTAINERS_REGISTRIES_CONF=$PODMAN/registries.conf timeout "$PULL_LIMIT" \
        podman --root "$PODMAN/root" --runroot "$PODMAN/run" --storage-driver vfs \
        --tmpdir "$PODMAN/tmp" "$@"
}

podman_is_ready() {
    podman_command version
}

podman_pull() {
    podman_command pull "docker.io/$1"
}

podman_digest() {
    podman_command image inspect --format '{{.Digest}}' "docker.io/$1"
}

podman_read_note() {
    local root
    root=$(podman_command image mount "docker.io/$1")
    cat "$root/note"
    podman_command image unmount "docker.io/$1" >/dev/null
}

podman_forget() {
    podman_command image rm --all --force
}
