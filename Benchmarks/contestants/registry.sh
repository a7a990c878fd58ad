# shellcheck shell=bash
# The reference registry as a mirror, on an empty store.

registry_start() {
    reference_config >"$STATE/registry.yml"
    start_process server "$SERVER_CORE" docker-registry serve "$STATE/registry.yml"
}
