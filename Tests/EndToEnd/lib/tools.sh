# shellcheck shell=bash
# What has to be installed, and what to say when it is not.

readonly -A PACKAGE_OF=(
    [docker-registry]=docker-registry [dockerd]=docker.io [docker]=docker.io
    [containerd]=containerd [ctr]=containerd [runc]=runc [podman]=podman [skopeo]=skopeo
    [busybox]=busybox-static [nginx]=nginx [curl]=curl [jq]=jq [openssl]=openssl
    [ip]=iproute2 [pgrep]=procps [systemd-socket-activate]=systemd
)

tools_are_installed() {
    local tool missing=0
    for tool in "${!PACKAGE_OF[@]}"; do
        if ! command -v "$tool" >/dev/null; then
            report_failure "$tool is not installed (Debian package ${PACKAGE_OF[$tool]})"
            missing=1
        fi
    done
    return $missing
}
