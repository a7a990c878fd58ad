# shellcheck shell=bash
# Images built by hand, byte for byte the same in every run.

readonly DOCKER=application/vnd.docker
readonly OCI=application/vnd.oci.image

# make_layer DIRECTORY: a tar file on standard output.
make_layer() {
    tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$1" .
}

# seeded_bytes COUNT SEED: bytes that look random, and are the same each time.
seeded_bytes() {
    head -c "$1" /dev/zero |
        openssl enc -aes-128-ctr -iv 00000000000000000000000000000000 \
            -K "$(printf '%s' "$2" | md5sum | cut -d' ' -f1)"
}

# busybox_tree DIRECTORY NOTE: a root file system in which `sh` runs and /note says NOTE.
busybox_tree() {
    mkdir -p "$1/bin" "$1/tmp" "$1/etc"
    cp "$(command -v busybox)" "$1/bin/busybox"
    ln -sf busybox "$1/bin/sh"
    ln -sf busybox "$1/bin/echo"
    ln -sf busybox "$1/bin/cat"
    echo "$2" >"$1/note"
}

# push_image KIND REPOSITORY TAG TAR [ARCHITECTURE]: prints the manifest's digest. KIND is docker
# (gzip layer), oci (gzip layer) or oci-plain (the layer as it is, for layers that do not shrink).
push_image() {
    local kind=$1 repository=$2 tag=$3 tar=$4 architecture=${5:-$(host_architecture)}
    local layer=$tar work
    work=$(mktemp -d "$STATE/image.XXXXXX")
    if [[ $kind != oci-plain ]]; then
        layer=$work/layer
        gzip -n -1 <"$tar" >"$layer"
    fi
    image_config "$architecture" "$(digest_of_stream <"$tar")" >"$work/config"
    push_blob "$repository" "$layer" >"$work/layer.digest"
    push_blob "$repository" "$work/config" >"$work/config.digest"
    image_manifest "$kind" "$work" "$layer" >"$work/manifest"
    push_manifest "$repository" "$tag" "$work/manifest"
    rm -r "$work"
}

image_config() {
    jq -n --arg architecture "$1" --arg layer "$2" '{
        architecture: $architecture, os: "linux", created: "1970-01-01T00:00:00Z",
        config: {Cmd: ["/bin/sh"], Env: ["PATH=/bin"]},
        rootfs: {type: "layers", diff_ids: [$layer]}
    }'
}

# image_manifest KIND DIRECTORY LAYER
image_manifest() {
    local manifest_type config_type layer_type
    case $1 in
    docker)
        manifest_type=$DOCKER.distribution.manifest.v2+json
        config_type=$DOCKER.container.image.v1+json
        layer_type=$DOCKER.image.rootfs.diff.tar.gzip
        ;;
    *)
        manifest_type=$OCI.manifest.v1+json
        config_type=$OCI.config.v1+json
        layer_type=$OCI.layer.v1.tar
        [[ $1 == oci-plain ]] || layer_type+=+gzip
        ;;
    esac
    jq -n --arg type "$manifest_type" \
        --argjson config "$(descriptor "$config_type" "$2/config")" \
        --argjson layer "$(descriptor "$layer_type" "$3")" \
        '{schemaVersion: 2, mediaType: $type, config: $config, layers: [$layer]}'
}

# descriptor MEDIA_TYPE FILE
descriptor() {
    jq -n --arg type "$1" --arg digest "$(digest_of_stream <"$2")" \
        --argjson size "$(stat -c %s "$2")" '{mediaType: $type, digest: $digest, size: $size}'
}

# push_index REPOSITORY TAG ARCHITECTURE=MANIFEST_DIGEST...
push_index() {
    local repository=$1 tag=$2 file child
    shift 2
    file=$(mktemp "$STATE/index.XXXXXX")
    for child in "$@"; do
        index_entry "$repository" "${child%%=*}" "${child#*=}"
    done | jq -s --arg type "$OCI.index.v1+json" \
        '{schemaVersion: 2, mediaType: $type, manifests: .}' >"$file"
    push_manifest "$repository" "$tag" "$file"
    rm "$file"
}

# index_entry REPOSITORY ARCHITECTURE DIGEST
index_entry() {
    jq -n --arg architecture "$2" --arg digest "$3" --arg type "$OCI.manifest.v1+json" \
        --argjson size "$(stat -c %s "$(upstream_data_file "$3")")" '{
        mediaType: $type, digest: $digest, size: $size,
        platform: {architecture: $architecture, os: "linux"}
    }'
}

host_architecture() {
    dpkg --print-architecture
}
