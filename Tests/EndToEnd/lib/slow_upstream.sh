# shellcheck shell=bash
# A slow line to the upstream: nginx before the registry, passing on so many bytes a second to
# each connection. With it a fill lasts long enough for something to happen in its middle. It is one
# process, so that a kill ends its connections too.

# slow_upstream_start BYTES_PER_SECOND (as nginx writes it: 32m)
slow_upstream_start() {
    slow_upstream_config "$1" >"$STATE/nginx.conf"
    start_process slow-upstream nginx -p "$STATE" -c "$STATE/nginx.conf" -e stderr
    wait_until 10 "the slow upstream to listen" curl -sf "http://$SLOW_UPSTREAM/v2/"
}

# slow_upstream_stop [SIGNAL]
slow_upstream_stop() {
    stop_process slow-upstream "$@"
}

slow_upstream_config() {
    cat <<-END
	daemon off;
	master_process off;
	pid $STATE/nginx.pid;
	user root;
	events { worker_connections 256; }
	http {
	    access_log /dev/stdout combined;
	    client_body_temp_path $STATE/nginx-body;
	    proxy_temp_path $STATE/nginx-proxy;
	    fastcgi_temp_path $STATE/nginx-fastcgi;
	    uwsgi_temp_path $STATE/nginx-uwsgi;
	    scgi_temp_path $STATE/nginx-scgi;
	    server {
	        listen $SLOW_UPSTREAM;
	        location / {
	            proxy_pass http://$UPSTREAM;
	            proxy_set_header Host \$http_host;
	            proxy_http_version 1.1;
	            proxy_set_header Connection "";
	            proxy_max_temp_file_size 0;
	            limit_rate $1;
	        }
	    }
	}
	END
}
