# shellcheck shell=bash
# Pushing to the upstream, as the registry API has it.

# push_blob REPOSITORY FILE: prints its digest.
push_blob() {
    local digest location
    digest=$(digest_of_stream <"$2")
    location=$(curl -sf -X POST -D - -o /dev/null "http://$UPSTREAM/v2/$1/blobs/uploads/" |
        tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
    curl -sf -o /dev/null -H 'Content-Type: application/octet-stream' \
        -T "$2" "$location&digest=$digest"
    echo "$digest"
}

# push_manifest REPOSITORY REFERENCE FILE: its media type is the one it names itself.
push_manifest() {
    curl -sf -o /dev/null -H "Content-Type: $(jq -r .mediaType "$3")" \
        -T "$3" "http://$UPSTREAM/v2/$1/manifests/$2"
    digest_of_stream <"$3"
}
