# shellcheck shell=bash
# What keeps mirrord from starting is told in one line, with an exit code, and never as a trace.

# expect_refusal STATUS "TEXT" COMMAND...
expect_refusal() {
    local status=$1 text=$2 result=0
    shift 2
    timeout 20 "$@" >out 2>refusal || result=$?
    expect_equal "$result" "$status" "the exit code of $*"
    expect_equal "$(wc -l <refusal)" 1 "the number of lines about $*"
    grep -qF -- "$text" refusal || fail "'$(cat refusal)' says nothing of '$text'"
}

# config_with [YAML]: the smallest file, and further lines.
config_with() {
    printf '%s\n' "version: 0.1" "storage: inmemory" "proxy: {remoteurl: http://$UPSTREAM}" "$@" \
        >config.yml
}

# config_at ADDRESS
config_at() {
    config_with "http: {addr: '$1'}"
}

# config_in DIRECTORY
config_in() {
    sed -i '/^storage/d' config.yml
    echo "storage: {filesystem: {rootdirectory: $1}}" >>config.yml
}

# The program for somebody without rights, who may not see where it was built.
readonly AS_NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups /run/mirrord)

install_for_nobody() {
    cp "$MIRRORD" /run/mirrord
    chmod 755 "$STATE" "$STATE/work"
}

refuses_unusable_arguments() {
    expect_refusal 2 "there is no command pull" "$MIRRORD" pull
    expect_refusal 2 "serve has no option --port" "$MIRRORD" serve --port
    expect_refusal 2 "there is no garbage to collect" "$MIRRORD" garbage-collect config.yml
}

refuses_an_unusable_file() {
    expect_refusal 1 "cannot be read: No such file or directory" "$MIRRORD" serve /no/config.yml
    expect_refusal 1 "cannot be read: Is a directory" "$MIRRORD" serve /proc
    expect_refusal 1 "cannot be read: it has more than" "$MIRRORD" serve /dev/zero
    config_with
    chmod 600 config.yml
    install_for_nobody
    expect_refusal 1 "cannot be read: Permission denied" "${AS_NOBODY[@]}" serve config.yml
    config_with "log: {level: info"
    expect_refusal 1 "config.yml:4:6: the bracket that opens here" "$MIRRORD" serve config.yml
    config_with "log: {levle: info}"
    expect_refusal 1 "config.yml:4:7: there is no key" "$MIRRORD" check config.yml
    config_with
    expect_refusal 1 "REGISTRY_PROXY_TTL: proxy.ttl must be a duration" \
        env REGISTRY_PROXY_TTL=soon "$MIRRORD" serve config.yml
}

refuses_an_unusable_address() {
    upstream_start
    config_at "$UPSTREAM"
    expect_refusal 1 "bind: Address already in use" "$MIRRORD" serve config.yml
    config_at 198.51.100.1:5000
    expect_refusal 1 "bind: Cannot assign requested address" "$MIRRORD" serve config.yml
    config_with "http: {net: unix, addr: /no/such/socket}"
    expect_refusal 1 "bind: No such file or directory" "$MIRRORD" serve config.yml
    config_at 127.0.0.1:1
    install_for_nobody
    expect_refusal 1 "bind: Permission denied" "${AS_NOBODY[@]}" serve config.yml
}

refuses_an_unusable_store() {
    config_with
    config_in /proc/version/store
    expect_refusal 1 "/proc/version/store cannot be used: mkdir: Not a directory" \
        "$MIRRORD" serve config.yml
    config_with
    config_in "$PWD/config.yml"
    expect_refusal 1 "config.yml cannot be used" "$MIRRORD" serve config.yml
    config_with
    config_in /run/closed/store
    mkdir --mode=700 /run/closed
    install_for_nobody
    expect_refusal 1 "cannot be used: stat: Permission denied" "${AS_NOBODY[@]}" serve config.yml
}

refuses_unusable_certificates() {
    echo "no certificate" >garbage.pem
    config_with
    sed -i "s|}$|, tls: {rootcas: [/no/ca.pem]}}|" config.yml
    expect_refusal 1 "/no/ca.pem" "$MIRRORD" serve config.yml
    sed -i "s|/no/ca.pem|$PWD/garbage.pem|" config.yml
    expect_refusal 1 "garbage.pem" "$MIRRORD" serve config.yml
    sed -i "s|rootcas: .*|certificate: $PWD/garbage.pem, key: /no/key.pem}}|" config.yml
    expect_refusal 1 "garbage.pem" "$MIRRORD" serve config.yml
}

it "arguments that make no command are refused in one line" refuses_unusable_arguments
it "a configuration that cannot be used is refused in one line" refuses_an_unusable_file
it "an address that cannot be had is refused in one line" refuses_an_unusable_address
it "a storage directory that cannot be used is refused in one line" refuses_an_unusable_store
it "certificates that cannot be used are refused in one line" refuses_unusable_certificates
