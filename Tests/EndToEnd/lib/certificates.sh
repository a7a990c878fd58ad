# shellcheck shell=bash
# Certificates made for a test, in its own directory, and where clients look for them.
# shellcheck disable=SC2034

readonly SYSTEM_AUTHORITIES=/etc/ssl/certs/ca-certificates.crt

readonly NEW_KEY=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)

# make_authority NAME: NAME.pem and NAME.key.
make_authority() {
    openssl req -x509 "${NEW_KEY[@]}" -days 30 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem"
}

# make_certificate NAME AUTHORITY [HOST]: NAME.pem and NAME.key.
make_certificate() {
    openssl req "${NEW_KEY[@]}" -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -days 30 -out "$1.pem" \
        -extfile <(echo "subjectAltName = DNS:${3:-$MIRROR_NAME}")
}

# secure_mirror [LINE...]: the next mirror speaks TLS, with these lines of http.tls besides.
secure_mirror() {
    make_authority authority
    make_certificate server authority
    MIRROR_LISTEN=:${MIRROR#*:}
    MIRROR_URL=https://$MIRROR_NAME:${MIRROR#*:}
    MIRROR_HTTP=(tls: "  certificate: $PWD/server.pem" "  key: $PWD/server.key" "${@/#/  }")
    export CURL_CA_BUNDLE=$PWD/authority.pem
}

# Clients believe in the mirror's authority, as Docker's instructions have it.
trust_in_the_clients_own_way() {
    rm -rf "$MIRROR_CERTS"
    mkdir -p "$MIRROR_CERTS"
    cp authority.pem "$MIRROR_CERTS/ca.crt"
}

# Clients believe in it because the machine does, until the test ends.
trust_in_the_systems_way() {
    rm -rf "$MIRROR_CERTS"
    cat "$SYSTEM_AUTHORITIES" authority.pem >authorities
    mount --bind authorities "$SYSTEM_AUTHORITIES"
}

distrust() {
    rm -rf "$MIRROR_CERTS"
    umount "$SYSTEM_AUTHORITIES" 2>/dev/null || true
}

# The serial number of the certificate that the mirror shows.
shown_certificate() {
    openssl s_client -connect "$MIRROR" -servername "$MIRROR_NAME" </dev/null 2>/dev/null |
        openssl x509 -noout -serial
}
