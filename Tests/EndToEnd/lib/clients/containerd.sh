# shellcheck shell=bash
# containerd through ctr, with the mirror as the only host for docker.io.

readonly CONTAINERD=$STATE/containerd
CONTAINERD_HOSTS=$CONTAINERD/certs.d

containerd_start() {
    mkdir -p "$CONTAINERD"
    containerd_use "http://$MIRROR"
    cat >"$CONTAINERD/config.toml" <<-END
	version = 2
	disabled_plugins = ["io.containerd.grpc.v1.cri"]
	root = "$CONTAINERD/root"
	state = "$CONTAINERD/state"
	[grpc]
	  address = "$CONTAINERD/socket"
	[ttrpc]
	  address = "$CONTAINERD/socket.ttrpc"
	END
    start_process containerd containerd --config "$CONTAINERD/config.toml"
}

# containerd_use URL [LINE...]: of hosts.toml.
containerd_use() {
    mkdir -p "$CONTAINERD_HOSTS/docker.io"
    cat >"$CONTAINERD_HOSTS/docker.io/hosts.toml" <<-END
	server = "$1"
	[host."$1"]
	  capabilities = ["pull", "resolve"]
	END
    printf '  %s\n' "${@:2}" >>"$CONTAINERD_HOSTS/docker.io/hosts.toml"
}

# It is told where the certificates are, rather than find them by the mirror's name.
containerd_secure() {
    local lines=()
    CONTAINERD_HOSTS=$STATE/work/containerd-hosts
    [[ ! -e $MIRROR_CERTS/ca.crt ]] || lines+=("ca = \"$MIRROR_CERTS/ca.crt\"")
    [[ ! -e $MIRROR_CERTS/client.cert ]] ||
        lines+=("client = [[\"$MIRROR_CERTS/client.cert\", \"$MIRROR_CERTS/client.key\"]]")
    containerd_use "$MIRROR_URL" "${lines[@]}"
}

ctr_command() {
    timeout "$PULL_LIMIT" ctr --address "$CONTAINERD/socket" "$@"
}

containerd_is_ready() {
    ctr_command version
}

containerd_pull() {
    ctr_command images pull --hosts-dir "$CONTAINERD_HOSTS" "docker.io/$1"
}

containerd_digest() {
    ctr_command images list "name==docker.io/$1" | awk 'NR == 2 { print $3 }'
}

containerd_read_note() {
    local root=$STATE/work/containerd-root
    mkdir -p "$root"
    ctr_command images mount "docker.io/$1" "$root" >/dev/null
    cat "$root/note"
    ctr_command images unmount --rm "$root" >/dev/null
}

containerd_forget() {
    local name
    ctr_command images list --quiet | while read -r name; do
        ctr_command images remove --sync "$name"
    done
    ctr_command content prune references
}
