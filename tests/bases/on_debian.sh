#!/bin/sh
# The fast tests on the PostgreSQL that Debian has, and once more through a PgBouncer in transaction mode.
# Needs the packages postgresql and pgbouncer; both run as a plain user in a folder of their own, on Unix
# sockets only, and are gone afterwards. Last a whole site is started behind that PgBouncer.
# Arguments go to pytest: which tests.
set -eu
cd "$(dirname "$0")/../.."

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
bouncer=$(command -v pgbouncer || echo /usr/sbin/pgbouncer)
if [ ! -x "$bin/initdb" ] || [ ! -x "$bouncer" ]; then
    echo "Debian's PostgreSQL and PgBouncer are wanted: apt-get install postgresql pgbouncer" >&2
    exit 1
fi

folder=$(mktemp -d)
as=""
if [ "$(id -u)" = 0 ]; then # neither of them runs as root
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
    chown postgres:postgres "$folder"
fi

end() {
    [ ! -f "$folder/pgbouncer.pid" ] || kill "$(cat "$folder/pgbouncer.pid")" || true
    [ ! -f "$folder/base/postmaster.pid" ] || $as "$bin/pg_ctl" stop -D "$folder/base" -m immediate -s || true
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT TERM HUP

cat >"$folder/pgbouncer.ini" <<INI
[databases]
voronka = host=$folder port=5432 connect_query='SET statement_timeout = 8000; SET lock_timeout = 4000; SET idle_in_transaction_session_timeout = 30000'
* = host=$folder port=5432
[pgbouncer]
pool_mode = transaction
listen_addr =
listen_port = 6432
unix_socket_dir = $folder
auth_type = trust
auth_file = $folder/users
pidfile = $folder/pgbouncer.pid
logfile = $folder/pgbouncer.log
default_pool_size = 30
max_client_conn = 300
INI
echo '"voronka" ""' >"$folder/users"

cd "$folder" # nobody else may enter the folder of whoever starts this
$as "$bin/initdb" -D "$folder/base" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
$as "$bin/pg_ctl" start -D "$folder/base" -w -s -l "$folder/postgres.log" \
    -o "-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
$as "$bin/psql" -q -h "$folder" -U postgres -d postgres \
    -c 'CREATE ROLE voronka LOGIN CREATEDB' -c 'CREATE DATABASE voronka OWNER voronka'
$as "$bouncer" -q -d "$folder/pgbouncer.ini"
cd - >/dev/null

quoted=$(printf %s "$folder" | sed 's|/|%2F|g')
direct="postgres://voronka@:5432/$quoted/voronka"

"$bin/postgres" --version
DATABASE_URL=$direct .venv/bin/python -m pytest -q --reuse-db "$@"

"$bouncer" --version | head -n 1
export DATABASE_URL="postgres://voronka@:6432/$quoted/voronka" DATABASE_URL_DIRECT="$direct"
.venv/bin/python -m pytest -q --reuse-db "$@"
.venv/bin/python -m pytest -q tests/bases/site_behind_pgbouncer.py
