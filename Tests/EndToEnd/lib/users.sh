# shellcheck shell=bash
# Mirrors that let in only whom they know, and clients that log in.

# password_mirror [USER PASSWORD]...: the next mirror lets these in.
password_mirror() {
    : >users
    while (($#)); do
        add_user "$1" "$2"
        shift 2
    done
    # shellcheck disable=SC2034
    MIRROR_AUTH=(htpasswd: "  realm: lab" "  path: $PWD/users")
}

# add_user USER PASSWORD: as `htpasswd -B` does, which the machine may not have.
add_user() {
    # shellcheck disable=SC2016
    perl -e 'print "$ARGV[0]:", crypt($ARGV[1], q($2y$05$abcdefghijklmnopqrstuu)), "\n"' "$@" \
        >>users
}

# The token service: a program of its own, which knows ann and her password, and lets her pull
# library/busybox.
readonly TOKEN_SERVICE=127.0.0.1:5004

# token_mirror ALGORITHM: starts the token service; the next mirror lets in whom it lets pull.
token_mirror() {
    make_authority tokens
    [[ $1 == ES256 ]] ||
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=tokens -keyout tokens.key \
            -out tokens.pem
    start_process tokens perl "$LIB/token_service.pl" "$TOKEN_SERVICE" "$1" tokens.key \
        "$(key_fingerprint tokens.pem)"
    wait_until 5 "the token service to listen" curl -s "http://$TOKEN_SERVICE/"
    # shellcheck disable=SC2034
    MIRROR_AUTH=(token: "  realm: http://$TOKEN_SERVICE/token" "  service: mirror"
        "  issuer: tokens.test" "  rootcertbundle: $PWD/tokens.pem")
}

# key_fingerprint CERTIFICATE: what libtrust calls its key.
key_fingerprint() {
    openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER |
        openssl dgst -sha256 -binary | head -c 30 | base32 -w 0 | sed 's/..../&:/g; s/:$//'
}

# log_in CLIENT USER PASSWORD: at the mirror, by its own name.
log_in() {
    case $1 in
    dockerd) in_own_docker docker_command login --username "$2" --password-stdin "$MIRROR" <<<"$3" ;;
    podman)
        podman_command login --authfile "$PWD/logins" --tls-verify=false --username "$2" \
            --password-stdin "$MIRROR" <<<"$3"
        ;;
    skopeo)
        skopeo login --authfile "$PWD/logins" --tls-verify=false --username "$2" \
            --password-stdin "$MIRROR" <<<"$3"
        ;;
    esac
}

# pull_as_known CLIENT REPOSITORY: by the mirror's own name, and as who has logged in.
pull_as_known() {
    case $1 in
    dockerd) in_own_docker docker_command pull "$MIRROR/$2" ;;
    podman) podman_command pull --authfile "$PWD/logins" --tls-verify=false "$MIRROR/$2" ;;
    skopeo) skopeo_pull "$2" --src-authfile "$PWD/logins" ;;
    esac
}

# Logins are kept in the test's own directory.
in_own_docker() {
    DOCKER_CONFIG=$PWD/docker "$@"
}
