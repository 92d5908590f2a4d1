#!/usr/bin/env bash
# A contest of scans in one run: the same folder of music by Auralis and by MPD, in turn, each from an
# empty database; then what a second look costs. Both read warm files: what is compared is the work.
#
# Usage: scripts/scan-contest.sh PROGRAM MUSIC [RUNS]
set -euo pipefail
program="$1" music="$2" runs="${3:-3}"
for needed in mpd mpc; do
    command -v "$needed" >/dev/null || { echo "scan-contest: $needed is missing (apt install mpd mpc)" >&2; exit 1; }
done
work="$(mktemp -d)"
trap 'pkill -f "$work/mpd.conf" 2>/dev/null || true; rm -rf "$work"' EXIT
export HOME="$work" AURALIS_DATA_FOLDER="$work/data" AURALIS_LIBRARY_ROOTS="$music"

find "$music" -type f -print0 | xargs -0 cat >/dev/null

now() { date +%s.%N; }
# rate FILES BEGIN END
rate() { awk -v n="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%8.2f s  %8.0f files/s\n", b - a, n / (b - a) }'; }

for run in $(seq "$runs"); do
    rm -rf "$work/data"
    begin=$(now)
    "$program" scan --json >"$work/told"
    end=$(now)
    files=$(python3 -c 'import json, sys; print(sum(r.get("files", 0) for r in json.load(sys.stdin)))' <"$work/told")
    printf 'auralis  run %s  first   %6s files ' "$run" "$files"; rate "$files" "$begin" "$end"
    begin=$(now)
    "$program" scan >/dev/null
    printf 'auralis  run %s  again   %6s files ' "$run" "$files"; rate "$files" "$begin" "$(now)"
    begin=$(now)
    "$program" scan --full >/dev/null
    printf 'auralis  run %s  re-read %6s files ' "$run" "$files"; rate "$files" "$begin" "$(now)"

    rm -rf "$work/mpd"; mkdir -p "$work/mpd"
    cat >"$work/mpd.conf" <<CONF
music_directory "$music"
db_file "$work/mpd/database"
log_file "$work/mpd/log"
state_file "$work/mpd/state"
bind_to_address "$work/mpd/socket"
audio_output {
    type "null"
    name "none"
}
CONF
    mpd --no-daemon "$work/mpd.conf" >/dev/null 2>&1 &
    server=$!
    export MPD_HOST="$work/mpd/socket"
    until mpc status >/dev/null 2>&1; do sleep 0.02; done
    # It begins by itself with an empty database; what is timed is a whole update of its own.
    while mpc status | grep -q Updating; do sleep 0.02; done
    begin=$(now)
    mpc rescan --wait >/dev/null
    end=$(now)
    files=$(mpc stats | awk '/Songs:/ { print $2 }')
    printf 'mpd      run %s  re-read %6s files ' "$run" "$files"; rate "$files" "$begin" "$end"
    mpc clear >/dev/null; kill "$server"; wait "$server" 2>/dev/null || true
    rm -f "$work/mpd/database"
    mpd --no-daemon "$work/mpd.conf" >/dev/null 2>&1 &
    server=$!
    until mpc status >/dev/null 2>&1; do sleep 0.01; done
    begin=$(now)
    mpc update --wait >/dev/null
    while mpc status | grep -q Updating; do sleep 0.01; done
    printf 'mpd      run %s  first   %6s files ' "$run" "$files"; rate "$files" "$begin" "$(now)"
    kill "$server"; wait "$server" 2>/dev/null || true
done
