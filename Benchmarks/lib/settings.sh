# shellcheck shell=bash
# What is measured with what, and on which core.
# shellcheck disable=SC2034

# The one port on which the contestant of the moment listens; where its upstream is.
readonly SERVER=127.0.0.1:5000
readonly UPSTREAM=127.0.0.1:5001

mapfile -t CORES < <(taskset -pc $$ | sed 's/.*: //' | tr , '\n' |
    awk -F- '{ for (core = $1; core <= ($2 == "" ? $1 : $2); core++) print core }')
readonly SERVER_CORE=${CORES[0]}
readonly LOAD_CORE=${CORES[1]}

# Seconds of load, and connections, for each hot measure.
readonly HOT_SECONDS=5
readonly MANIFEST_CONNECTIONS=32
readonly BLOB_CONNECTIONS=4

readonly MIB=$((1024 * 1024))

print_settings() {
    cat <<-END
	server on core $SERVER_CORE alone; load generator and upstream on core $LOAD_CORE; $ROUNDS rounds, median
	$("$MIRRORD" --version 2>/dev/null | head -n 1); nginx $(nginx -v 2>&1 | sed 's|.*/||'); docker-registry $(docker-registry --version | awk '{ print $3 }')
	access logs off everywhere; nginx: 1 worker, sendfile; nginx_open: with open_file_cache; nginx_cache: proxy_cache, lock
	END
}

# Where we are, for someone who watches; not part of the result.
progress() {
    [[ ! -t 2 ]] || printf '\r\033[K%s' "$1" >&2
}
