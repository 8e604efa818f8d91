#!/bin/sh
# A PostgreSQL of its own for the tests: a new cluster in FOLDER, reached only through a socket in that folder.
# usage: postgres.sh start FOLDER   (prints the URL)      postgres.sh stop FOLDER      postgres.sh where   (prints the folder of its programs)
# POSTGRES_BIN names that folder where neither the path nor the usual places have it.
set -eu
action=$1 folder=${2:-}

usual() { ls -d /usr/lib/postgresql/*/bin/pg_ctl /opt/homebrew/opt/postgresql*/bin/pg_ctl /usr/local/opt/postgresql*/bin/pg_ctl 2>/dev/null | tail -n 1; }
bin=${POSTGRES_BIN:-$(dirname "$(command -v pg_ctl || usual)")}
if [ ! -x "$bin/pg_ctl" ]; then echo 'no pg_ctl: install PostgreSQL (Debian: apt-get install postgresql)' >&2; exit 1; fi

# PostgreSQL refuses to run as root
as_owner() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$folder" "$@"; else "$@"; fi; }

case $action in
where) echo "$bin" ;;
start)
    mkdir -p "$folder"
    chmod 700 "$folder"
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; chmod 711 "$folder"; fi
    # the tests kill writers, not the server: it need not wait for the disk, nor be able to mend its pages
    unsafe='-c fsync=off -c full_page_writes=off -c synchronous_commit=off'
    as_owner "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >"$folder.log" 2>&1
    as_owner "$bin/pg_ctl" start --wait --silent --pgdata="$folder/data" --log="$folder/log" \
        --options="-c listen_addresses='' -c unix_socket_directories=$folder $unsafe" >>"$folder.log" 2>&1
    echo "postgresql://postgres@/postgres?host=$folder"
    ;;
stop) as_owner "$bin/pg_ctl" stop --mode=immediate --silent --pgdata="$folder/data" ;;
*) echo "usage: $0 start|stop FOLDER, $0 where" >&2; exit 2 ;;
esac
