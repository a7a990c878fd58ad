# shellcheck shell=bash
# The machine as the tests see it: a network with nobody on it, and private copies of every
# directory that daemons write to.

prepare_machine() {
    mkdir -p "$HOME" "$LOGS"
    ip link set lo up
    ip address add "$MIRROR_ADDRESS/32" dev lo
    hide_the_internet
    hide_system_directories
    mount_cgroups
}

# Whoever falls back to Docker Hub finds this machine, and nobody listening.
hide_the_internet() {
    cat >"$STATE/hosts" <<-END
	127.0.0.1 localhost
	::1 localhost
	$MIRROR_ADDRESS $MIRROR_NAME
	127.0.0.1 registry-1.docker.io auth.docker.io index.docker.io docker.io
	END
    mount --bind "$STATE/hosts" /etc/hosts
}

hide_system_directories() {
    local directory
    for directory in /run /var/lib /etc/docker; do
        [[ ! -d $directory ]] || mount -t tmpfs -o mode=755 tmpfs "$directory"
    done
}

# A container host has control groups mounted; inside a plain container they may be missing.
mount_cgroups() {
    if ! grep -q '^cgroup' /proc/mounts; then
        mount -t tmpfs tmpfs /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
    fi
}
