# shellcheck shell=bash
# containerd through ctr, with the mirror as the only host for docker.io.

readonly CONTAINERD=$STATE/containerd

containerd_start() {
    mkdir -p "$CONTAINERD/certs.d/docker.io"
    cat >"$CONTAINERD/certs.d/docker.io/hosts.toml" <<-END
	server = "http://$MIRROR"
	[host."http://$MIRROR"]
	  capabilities = ["pull", "resolve"]
	END
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

ctr_command() {
    timeout "$PULL_LIMIT" ctr --address "$CONTAINERD/socket" "$@"
}

containerd_is_ready() {
    ctr_command version
}

containerd_pull() {
    ctr_command images pull --hosts-dir "$CONTAINERD/certs.d" "docker.io/$1"
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
