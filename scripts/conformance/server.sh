# shellcheck shell=bash
# Sourced by what holds the server against clients that are not ours: starts it with a data folder of
# its own on a free port, and stops it with whatever else was started.
#
# Needs: program, the auralis executable; music, a folder of it.
# Gives: url; key, that of ann, an admin, good for every way to log in; work, a folder that goes at the
# end; running, to which the ids of further processes may be added.

work="$(mktemp -d)"
running=()
cleanup() {
    [ ${#running[@]} = 0 ] || kill "${running[@]}" 2>/dev/null || true
    wait
    rm -rf "$work"
}
trap cleanup EXIT

export AURALIS_DATA_FOLDER="$work/data" AURALIS_LIBRARY_ROOTS="$music"
export AURALIS_SERVER_LISTEN=127.0.0.1:0
echo "a password of the conformance run" | "$program" user add ann --admin >/dev/null
echo "another password of that run" | "$program" user add bob >/dev/null
key="$("$program" key make ann conformance --legacy)"
"$program" scan
"$program" serve --json >"$work/said" 2>"$work/log" &
running+=($!)
for _ in $(seq 100); do
    [ -s "$work/said" ] && break
    sleep 0.1
done
[ -s "$work/said" ] || {
    cat "$work/log"
    echo "the server did not say where it listens"
    exit 1
}
url="$(python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["url"])' <"$work/said")"
