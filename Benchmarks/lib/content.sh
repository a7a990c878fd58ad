# shellcheck shell=bash
# What is served: one image as a tree of files, which is all that a pull by digest needs of an
# upstream.

readonly WWW=$STATE/www
readonly REPOSITORY=library/bench
readonly MANIFEST_TYPE=application/vnd.oci.image.manifest.v1+json
readonly LAYER_TYPE=application/vnd.oci.image.layer.v1.tar

# What clients send; without it the reference refuses OCI manifests.
# shellcheck disable=SC2034
readonly ACCEPT="Accept: $MANIFEST_TYPE, */*"

# Sets CONFIG, MANIFEST, HOT_BLOB and COLD_BLOB to the paths under which they are asked for.
# shellcheck disable=SC2034
make_content() {
    local config hot cold
    mkdir -p "$WWW/v2/$REPOSITORY/"{blobs,manifests}
    config=$(add_file blobs < <(echo '{"architecture":"amd64","os":"linux"}'))
    hot=$(add_file blobs < <(seeded_bytes $((64 * MIB)) hot))
    cold=$(add_file blobs < <(seeded_bytes $((256 * MIB)) cold))
    readonly CONFIG=/v2/$REPOSITORY/blobs/$config
    readonly HOT_BLOB=/v2/$REPOSITORY/blobs/$hot
    readonly COLD_BLOB=/v2/$REPOSITORY/blobs/$cold
    MANIFEST=/v2/$REPOSITORY/manifests/$(add_file manifests < <(manifest "$config" "$hot"))
    readonly MANIFEST
}

# add_file KIND: stores standard input under its digest, which it prints.
add_file() {
    local digest
    cat >"$STATE/file"
    digest=sha256:$(sha256sum "$STATE/file" | cut -d' ' -f1)
    mv "$STATE/file" "$WWW/v2/$REPOSITORY/$1/$digest"
    echo "$digest"
}

# seeded_bytes COUNT SEED: bytes that look random, and are the same each time.
seeded_bytes() {
    head -c "$1" /dev/zero |
        openssl enc -aes-128-ctr -iv 00000000000000000000000000000000 \
            -K "$(printf '%s' "$2" | md5sum | cut -d' ' -f1)"
}

# manifest CONFIG LAYER: about as long as most are, 0.9 KB.
manifest() {
    cat <<-END
	{
	  "schemaVersion": 2,
	  "mediaType": "$MANIFEST_TYPE",
	  "config": {
	    "mediaType": "application/vnd.oci.image.config.v1+json",
	    "digest": "$1",
	    "size": $(stat -c %s "$WWW/v2/$REPOSITORY/blobs/$1")
	  },
	  "layers": [
	    {
	      "mediaType": "$LAYER_TYPE",
	      "digest": "$2",
	      "size": $(stat -c %s "$WWW/v2/$REPOSITORY/blobs/$2")
	    }
	  ],
	  "annotations": {
	    "org.opencontainers.image.title": "bench",
	    "org.opencontainers.image.description": "$(printf '%0320d' 0)"
	  }
	}
	END
}
