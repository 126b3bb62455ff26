#!/usr/bin/env bash
# Runs a command beside a temporary Postgres server, which only this machine can reach and which leaves nothing behind:
#   scripts/with-postgres.sh npm test
# The command finds the address in BOOKRUNNER_TEST_POSTGRES_URL; its exit code is the script's.
# --check says whether a server could be started here (0), or why not (69), and starts none.
set -euo pipefail

fail() {
  echo "with-postgres: $*" >&2
  exit 69
}

# Debian keeps the server's programs out of PATH.
find_binaries() {
  local folder
  for folder in ${POSTGRES_BIN:-} /usr/lib/postgresql/*/bin /usr/local/pgsql/bin "$(dirname "$(command -v initdb || echo /none/x)")"; do
    if [[ -x "$folder/initdb" && -x "$folder/pg_ctl" ]]; then
      echo "$folder"
      return
    fi
  done
}

# Postgres refuses to run as root.
as_owner() {
  if [[ $EUID -eq 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi
}

bin=$(find_binaries)
[[ -n "$bin" ]] || fail 'no initdb and pg_ctl found; install postgresql, or set POSTGRES_BIN to their folder.'
if [[ $EUID -eq 0 ]]; then
  command -v runuser >/dev/null || fail 'Postgres refuses root, and there is no runuser to become another user.'
  id postgres >/dev/null 2>&1 || fail 'Postgres refuses root, and there is no user postgres to run it.'
fi
[[ "${1:-}" != '--check' ]] || exit 0
[[ $# -gt 0 ]] || fail 'no command to run.'

folder=$(mktemp -d)
[[ $EUID -ne 0 ]] || chown postgres "$folder"

stop() {
  as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cd "$folder"
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
as_owner sh -c 'umask 077; cat >"$1"' sh "$folder/password" <<<"$password"
as_owner "$bin/initdb" -D data -U bookrunner --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --no-locale --no-sync \
  >initdb.log 2>&1 || fail "initdb failed: $(tail -n 3 initdb.log)"

# A port may be taken between choosing and using it.
started=''
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 30000))
  settings="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off"
  if as_owner "$bin/pg_ctl" -D data -l "$folder/data/server.log" -o "$settings" -w -t 60 start >/dev/null 2>&1; then
    started=yes
    break
  fi
done
[[ -n "$started" ]] || fail "the server did not start: $(tail -n 3 "$folder/data/server.log")"

export BOOKRUNNER_TEST_POSTGRES_URL="postgresql://bookrunner:$password@127.0.0.1:$port/postgres"
cd "$OLDPWD"
status=0
"$@" || status=$?
exit "$status"
