# shellcheck shell=bash
# podman, with the mirror as the mirror of docker.io. It has no daemon.

readonly PODMAN=$STATE/podman
PODMAN_REGISTRIES=$PODMAN/registries.conf

podman_start() {
    mkdir -p "$PODMAN" "$HOME/.config/containers"
    echo '{"default": [{"type": "insecureAcceptAnything"}]}' \
        >"$HOME/.config/containers/policy.json"
    podman_use "$MIRROR" true
}

# podman_use LOCATION IS_INSECURE
podman_use() {
    cat >"$PODMAN_REGISTRIES" <<-END
	[[registry]]
	prefix = "docker.io"
	location = "docker.io"
	[[registry.mirror]]
	location = "$1"
	insecure = $2
	END
}

podman_secure() {
    PODMAN_REGISTRIES=$STATE/work/registries.conf
    podman_use "${MIRROR_URL#https://}" false
}

podman_command() {
    CONTAINERS_REGISTRIES_CONF=$PODMAN_REGISTRIES timeout "$PULL_LIMIT" \
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
