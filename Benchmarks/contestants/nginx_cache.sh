# shellcheck shell=bash
# nginx as a cache before the upstream, one download at a time for each file.

nginx_cache_start() {
    rm -rf "$STATE/nginx-cache"
    start_nginx server "$SERVER_CORE" <<-END
	$(nginx_main server)
	http {
	    $(nginx_http server)
	    access_log off;
	    proxy_cache_path $STATE/nginx-cache levels=2 keys_zone=cache:10m use_temp_path=off;
	    server {
	        listen $SERVER;
	        location / {
	            proxy_pass http://$UPSTREAM;
	            proxy_http_version 1.1;
	            proxy_set_header Connection "";
	            proxy_cache cache;
	            proxy_cache_valid 200 1h;
	            proxy_cache_lock on;
	            proxy_cache_lock_age 60s;
	            proxy_cache_lock_timeout 60s;
	        }
	    }
	}
	END
}
