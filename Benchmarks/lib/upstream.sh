# shellcheck shell=bash
# The upstream: nginx on the tree of files. It counts the bytes that it sends.

start_upstream() {
    : >"$STATE/upstream.bytes"
    start_nginx upstream "$LOAD_CORE" <<-END
	$(nginx_main upstream)
	http {
	    $(nginx_http upstream)
	    log_format bytes '\$body_bytes_sent \$request_method \$uri';
	    access_log $STATE/upstream.bytes bytes;
	    server {
	        listen $UPSTREAM;
	        root $WWW;
	        $(nginx_registry_locations)
	    }
	}
	END
    wait_for_http "$UPSTREAM" upstream
}

# upstream_bytes PATH: how many bytes of it were sent. To be asked after the upstream has stopped:
# what it is still sending it has not yet logged.
upstream_bytes() {
    awk -v path="$1" '$2 == "GET" && $3 == path { sum += $1 } END { printf "%d\n", sum }' \
        "$STATE/upstream.bytes"
}
