# shellcheck shell=bash
# nginx with the same bytes as files: what a web server does that knows nothing. It opens the file
# for each request; as nginx_open it keeps files open, and would not see one change for an hour.

nginx_start() {
    nginx_files ""
}

nginx_open_start() {
    nginx_files "open_file_cache max=100 inactive=1h; open_file_cache_valid 1h;"
}

# nginx_files SETTINGS
nginx_files() {
    start_nginx server "$SERVER_CORE" <<-END
	$(nginx_main server)
	http {
	    $(nginx_http server)
	    access_log off;
	    $1
	    server {
	        listen $SERVER;
	        root $WWW;
	        $(nginx_registry_locations)
	    }
	}
	END
}
