# shellcheck shell=bash
# What the configurations of nginx have in common, as upstream and as contestant.

# nginx_main NAME: everything outside of http {}.
nginx_main() {
    cat <<-END
	daemon off;
	pid $STATE/$1.pid;
	worker_processes 1;
	user root;
	events { worker_connections 1024; }
	END
}

# nginx_http NAME: the settings of http {} that are the same for all.
nginx_http() {
    local kind
    for kind in client_body proxy fastcgi uwsgi scgi; do
        echo "${kind}_temp_path $STATE/$1-$kind;"
    done
    cat <<-END
	sendfile on;
	tcp_nopush on;
	keepalive_requests 100000000;
	END
}

# The same answers as a registry's, from files.
nginx_registry_locations() {
    cat <<-'END'
	location = /v2/ { default_type application/json; return 200 '{}'; }
	location ~ ^/v2/.*/manifests/(?<digest>sha256:[0-9a-f]+)$ {
	    types { }
	END
    echo "    default_type $MANIFEST_TYPE;"
    cat <<-'END'
	    add_header Docker-Distribution-Api-Version registry/2.0;
	    add_header Docker-Content-Digest $digest;
	}
	location ~ ^/v2/.*/blobs/(?<digest>sha256:[0-9a-f]+)$ {
	    types { }
	    default_type application/octet-stream;
	    add_header Docker-Distribution-Api-Version registry/2.0;
	    add_header Docker-Content-Digest $digest;
	}
	END
}

# start_nginx NAME CORE: with the configuration on standard input.
start_nginx() {
    cat >"$STATE/$1.conf"
    start_process "$1" "$2" nginx -p "$STATE" -c "$STATE/$1.conf" -e stderr
}
