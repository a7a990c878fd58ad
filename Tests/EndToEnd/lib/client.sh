# shellcheck shell=bash
# What the tests ask of every client. Each is a file in clients/ with functions of its own name:
#
#   NAME_start            start its daemon, if it has one, without waiting for it
#   NAME_is_ready         whether it takes orders
#   NAME_pull REFERENCE   pull docker.io/REFERENCE through the mirror
#   NAME_digest REFERENCE the digest of the manifest that it holds under that name
#   NAME_read_note REFERENCE   what the file /note in the image's root says
#   NAME_forget           forget every image
#   NAME_secure           from now on, in this test, ask $MIRROR_NAME over TLS

start_clients() {
    local client
    for client in "${CLIENTS[@]}"; do
        TEST_DIR=$LOGS "${client}_start"
    done
}

# Each test of a client begins here: it is up and knows no image.
fresh_client() {
    wait_until 20 "$1 to be ready" "$1_is_ready"
    "$1_forget"
}

pull() {
    echo "-- $1 pulls $2"
    "$1_pull" "$2"
}

# secure_client CLIENT: it is up, knows no image, and asks over TLS.
secure_client() {
    "$1_secure"
    fresh_client "$1"
}

# expect_image CLIENT REFERENCE DIGEST NOTE
expect_image() {
    expect_equal "$("$1_digest" "$2")" "$3" "the digest that $1 holds"
    expect_equal "$("$1_read_note" "$2")" "$4" "what the image of $1 says"
}
