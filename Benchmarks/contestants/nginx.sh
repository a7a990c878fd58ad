# shellcheck shell=bash
# nginx with the same bytes as files: what a web server does that knows nothing.

nginx_start() {
    start_nginx server "$SERVER_CORE" <<-END
	$(nginx_main server)
	http {
	    $(nginx_http server)
	    access_log off;
	    server {
	        listen $SERVER;
	        root $WWW;
	        $(nginx_registry_locations)
	    }
	}
	END
}
