# shellcheck shell=bash
# What the conformance tests of the OCI distribution specification ask of a registry that takes no
# pushes: the requests and expectations of their workflows Pull and Content Discovery
# (github.com/opencontainers/distribution-spec, folder conformance, of 1.1 and of its successor).
# The tests themselves are a Go program with modules of its own, which Debian does not have.

readonly SUITE=conformance/app
readonly INDEX_TYPE=$OCI.index.v1+json
readonly IMAGE_TYPE=$OCI.manifest.v1+json
readonly SIGNATURE=application/x.signature SBOM=application/x.sbom
UNKNOWN_DIGEST=$(digest_of_stream <<<"hello world")
readonly UNKNOWN_DIGEST

# An image with four tags; two manifests that refer to it, by the tag that stands for their list,
# since this upstream has no referrers API.
fill_for_conformance() {
    local tar=$STATE/work/suite.tar tag type index
    upstream_start
    busybox_tar suite "for the suite" >"$tar"
    for tag in test0 test1 test2 test3; do
        push_image oci "$SUITE" "$tag" "$tar" | record_digest suite
    done
    SUBJECT=$(digest_of suite)
    index=$STATE/work/referrers.json
    for type in "$SIGNATURE" "$SBOM"; do
        jq -n --arg type "$type" --arg image "$IMAGE_TYPE" --arg digest "$SUBJECT" \
            '{mediaType: $image, digest: $digest, size: 7, artifactType: $type,
              annotations: {"org.example": $type}}'
    done | jq -s --arg type "$INDEX_TYPE" \
        '{schemaVersion: 2, mediaType: $type, manifests: .}' >"$index"
    push_manifest "$SUITE" "sha256-${SUBJECT#sha256:}" "$index" >/dev/null
}

start_for_conformance() {
    start_upstream_and_mirror
    SUBJECT=$(digest_of suite)
}

# ask METHOD PATH [CURL OPTION...]: the answer in the files fields and body; its status.
ask() {
    local how=(--request "$1")
    [[ $1 != HEAD ]] || how=(--head)
    curl --silent --max-time "$PULL_LIMIT" --dump-header fields -o body -w '%{http_code}' \
        "${how[@]}" "${@:3}" "$MIRROR_URL/v2/$SUITE/$2"
}

# expect_answer STATUS METHOD PATH [CURL OPTION...]
expect_answer() {
    expect_equal "$(ask "${@:2}")" "$1" "the status of $2 $3"
}

# field NAME: of the answer; empty where it has none.
field() {
    tr -d '\r' <fields | sed -n "s/^$1: //Ip"
}

# expect_content DIGEST METHOD PATH [CURL OPTION...]: right by its fields, and by its bytes.
expect_content() {
    local size
    size=$(stat -c %s "$(upstream_data_file "$1")")
    expect_answer 200 "${@:2}"
    expect_equal "$(field docker-content-digest)" "$1" "the digest field of $2 $3"
    expect_equal "$(field content-length)" "$size" "the length field of $2 $3"
    [[ $2 == HEAD ]] || expect_equal "$(digest_of_stream <body)" "$1" "the digest of $2 $3"
}

# expect_error CODE...: the body is an error of the specification, with one of these codes.
expect_error() {
    local code
    code=$(jq -re '.errors[0].code' body) || fail "the body is no error of the specification"
    [[ " $* " == *" $code "* ]] || fail "the code of the error is $code"
}

conforms_in_pulling_blobs() {
    local config method
    start_for_conformance
    config=$(jq -r .config.digest "$(upstream_data_file "$SUBJECT")")
    for method in HEAD GET; do
        expect_answer 404 $method "blobs/$UNKNOWN_DIGEST"
        expect_content "$config" $method "blobs/$config"
    done
    expect_answer 404 GET "blobs/$UNKNOWN_DIGEST"
    expect_error BLOB_UNKNOWN
}

conforms_in_ranges() {
    local layer size
    start_for_conformance
    layer=$(upstream_layer_of "$SUBJECT")
    size=$(stat -c %s "$(upstream_data_file "$layer")")
    expect_range "$layer" 500-1499 500 1499
    expect_range "$layer" 500- 500 $((size - 1))
    expect_range "$layer" -500 $((size - 500)) $((size - 1))
    expect_range "$layer" "$((size - 48))-$((size + 5000))" $((size - 48)) $((size - 1))
    expect_answer 416 GET "blobs/$layer" --header 'Range: bytes=500-0'
    expect_answer 416 GET "blobs/$layer" --header "Range: bytes=$size-$((size * 2))"
}

upstream_layer_of() {
    jq -r '.layers[0].digest' "$(upstream_data_file "$1")"
}

# expect_range DIGEST RANGE FIRST LAST
expect_range() {
    expect_answer 206 GET "blobs/$1" --header "Range: bytes=$2"
    expect_equal "$(field content-length)" $(($4 - $3 + 1)) "the length of bytes $2"
    expect_equal "$(field content-range)" "bytes $3-$4/$size" "the range of bytes $2"
    cmp --silent --ignore-initial="$3:0" --bytes=$(($4 - $3 + 1)) \
        "$(upstream_data_file "$1")" body || fail "bytes $2 are others"
}

conforms_in_pulling_manifests() {
    local method reference
    start_for_conformance
    for method in HEAD GET; do
        expect_answer 404 $method manifests/.INVALID_MANIFEST_NAME
        for reference in "$SUBJECT" test0; do
            expect_content "$SUBJECT" $method "manifests/$reference" \
                --header "Accept: $INDEX_TYPE" --header "Accept: $IMAGE_TYPE"
            expect_equal "$(field content-type)" "$IMAGE_TYPE" "the type of $method $reference"
        done
    done
    expect_answer 404 GET manifests/.INVALID_MANIFEST_NAME
    expect_error MANIFEST_UNKNOWN
    expect_answer 400 PUT manifests/sha256:totallywrong \
        --header "Content-Type: $IMAGE_TYPE" --data blablabla
    expect_error DIGEST_INVALID MANIFEST_INVALID
}

conforms_in_listing_tags() {
    local first
    start_for_conformance
    expect_answer 200 GET tags/list
    expect_equal "$(jq -r .name body)" "$SUITE" "the name of the list"
    # The tag that stands for the referrers is one, too.
    expect_equal "$(jq '.tags | length' body)" 5 "the number of tags"
    expect_answer 200 GET 'tags/list?n=2'
    expect_equal "$(jq '.tags | length' body)" 2 "the number of two tags"
    first=$(jq -r '.tags[]' body)
    expect_equal "$(field link)" \
        "</v2/$SUITE/tags/list?last=${first##*$'\n'}&n=2>; rel=\"next\"" "the link"
    expect_answer 200 GET "tags/list?n=2&last=${first##*$'\n'}"
    expect_equal "$(jq '.tags | length' body)" 2 "the number of the next tags"
    jq -e --arg first "$first" '.tags - ($first | split("\n")) == .tags' body ||
        fail "a tag is on two pages"
    expect_answer 200 GET 'tags/list?n=0'
    expect_equal "$(jq -c .tags body)" '[]' "no tags"
}

conforms_in_listing_referrers() {
    start_for_conformance
    expect_referrers "$UNKNOWN_DIGEST" '[]'
    expect_referrers "$SUBJECT" "[\"$SIGNATURE\",\"$SBOM\"]"
    expect_equal "$(jq -c '[.manifests[].annotations["org.example"]]' body)" \
        "[\"$SIGNATURE\",\"$SBOM\"]" "what is said of them"
    expect_referrers "$SUBJECT?artifactType=$SIGNATURE" "[\"$SIGNATURE\"]"
    expect_equal "$(field oci-filters-applied)" artifactType "what was filtered"
    upstream_stop
    expect_referrers "$SUBJECT" "[\"$SIGNATURE\",\"$SBOM\"]"
    [[ $(field warning) == '299 - '* ]] || fail "what may not be current has no warning"
}

# expect_referrers DIGEST[?QUERY] ARTIFACT_TYPES
expect_referrers() {
    expect_answer 200 GET "referrers/$1"
    expect_equal "$(field content-type)" "$INDEX_TYPE" "the type of a list of referrers"
    expect_equal "$(jq -r '"\(.schemaVersion) \(.mediaType)"' body)" "2 $INDEX_TYPE" "the list"
    expect_equal "$(jq -c '[.manifests[].artifactType]' body)" "$2" "the referrers"
}

# Not in the suite: what would write says so, whatever comes with it.
refuses_to_write() {
    start_for_conformance
    expect_answer 405 POST blobs/uploads/
    expect_error UNSUPPORTED
    expect_equal "$(field allow)" "GET, HEAD" "what is allowed"
    expect_answer 405 DELETE "manifests/$SUBJECT"
    expect_answer 405 PUT manifests/test0 --header "Content-Type: $IMAGE_TYPE" --data '{}'
}

it "the upstream has what the specification's tests ask for" fill_for_conformance
it "pulling blobs is as the specification's tests want it" conforms_in_pulling_blobs
it "ranges of blobs are as the specification's tests want them" conforms_in_ranges
it "pulling manifests is as the specification's tests want it" conforms_in_pulling_manifests
it "listing tags is as the specification's tests want it" conforms_in_listing_tags
it "listing referrers is as the specification's tests want it" conforms_in_listing_referrers
it "what would write is refused as unsupported" refuses_to_write
