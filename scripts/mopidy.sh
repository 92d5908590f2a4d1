#!/usr/bin/env bash
# Holds the server against a player that is not ours: Mopidy with Mopidy-Subidy plays from it into nothing, in
# real time, and is told what to do by mpc. Subidy is installed outside the repository.
#
# Usage: scripts/mopidy.sh PROGRAM MUSIC
#   PROGRAM  the auralis executable
#   MUSIC    what scripts/conformance/tones.sh makes
#
# Needs mopidy, mopidy-mpd, mpc and GStreamer's good plugins, as Debian packs them.
# TRIAD_MOPIDY chooses where Subidy is; the default is ~/.cache/triad-mopidy.
set -euo pipefail

program="$(realpath "$1")" music="$(realpath "$2")"
here="$(cd "$(dirname "$0")" && pwd)"
tools="${TRIAD_MOPIDY:-$HOME/.cache/triad-mopidy}"
wanted='Mopidy-Subidy==1.1.0 py-sonic==1.2.0'

# Debian's Python and no other: the player and GStreamer are among its packages.
if [ "$(cat "$tools/.wanted" 2>/dev/null)" != "$wanted" ]; then
    /usr/bin/python3 -m venv --clear --system-site-packages "$tools"
    # shellcheck disable=SC2086
    "$tools/bin/pip" install --quiet --disable-pip-version-check $wanted
    echo "$wanted" >"$tools/.wanted"
fi

# shellcheck source=scripts/conformance/server.sh
. "$here/conformance/server.sh"

fail() {
    printf '\nThe player said:\n'
    tail -60 "$work/mopidy.log"
    printf '\nThe server said:\n'
    tail -20 "$work/log"
    printf '\nmpc says:\n%s\n\nmopidy: %s\n' "$(ask status; tail -3 "$work/mpc.log")" "$1"
    exit 1
}
trap 'fail "stopped at line $LINENO"' ERR

port="$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')"
cat >"$work/mopidy.conf" <<CONF
[core]
cache_dir = $work/mopidy/cache
config_dir = $work/mopidy/config
data_dir = $work/mopidy/data
[audio]
output = fakesink sync=true
[mpd]
hostname = 127.0.0.1
port = $port
[subidy]
url = ${url%/}
username = ann
password = $key
[file]
enabled = false
[http]
enabled = false
[m3u]
enabled = false
[stream]
enabled = false
CONF
"$tools/bin/python" -m mopidy --config "$work/mopidy.conf" >"$work/mopidy.log" 2>&1 &
running+=($!)

# It warns each time that Mopidy speaks an older protocol than MPD does.
ask() { mpc --host 127.0.0.1 --port "$port" "$@" 2>>"$work/mpc.log"; }

# What the player does, from lines like "[playing] #1/3   0:05/0:40 (12%)".
line() { ask status | grep '^\[' || true; }
state() { line | sed -E 's/^\[([a-z]+)\].*/\1/'; }
song() { line | sed -E 's/.*#([0-9]+)\/.*/\1/'; }
seconds() { line | sed -E 's/.* ([0-9]+):0?([0-9]+)\/.*/\1 \2/' | { read -r m s && echo $((m * 60 + s)); }; }

# Asks until the answer is yes, for ten seconds.
until_() {
    local what="$1" end=$((SECONDS + 10))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || fail "waited in vain: $what"
        sleep 0.1
    done
}
passed=0
ok() { passed=$((passed + 1)); }
has() { grep -qxF -- "$2" <<<"$1" || fail "$3: no \"$2\" in: $1"; ok; }

answers() { ask status >/dev/null 2>&1; }
plays() { [ "$(state)" = playing ] && [ "$(song)" = "$1" ]; }
pauses() { [ "$(state)" = paused ]; }
past() { [ "$(seconds)" -ge "$1" ]; }
before() { [ "$(seconds)" -lt "$1" ]; }

until_ "the player answers" answers

# Looking around.
albums=Subsonic/Albums artists=Subsonic/Artists
has "$(ask ls Subsonic)" "$artists" "browse"
has "$(ask ls "$artists")" "$artists/Somebody" "artists"
has "$(ask ls "$artists/Somebody")" "$artists/Somebody/first" "the albums of an artist"
has "$(ask ls "$albums")" "$albums/first" "albums"
has "$(ask ls "$albums")" "$albums/second" "albums"
[ "$(ask ls "$albums/first" | wc -l)" = 3 ] || fail "the songs of an album: $(ask ls "$albums/first")"; ok
found="$(ask -f '%title%, %artist%, %album%, %time%' search any "Song 2")"
has "$found" "Song 2, Somebody, first, 0:40" "search for a song"
has "$(ask -f '%title%' search artist Somebody)" "Song 5" "search for an artist"

# An album, from its beginning.
ask add "$albums/first"
[ "$(ask -f '%track% %title%' playlist)" = "$(printf '%s\n' '1 Song 1' '2 Song 2' '3 Song 3')" ] ||
    fail "an album added: $(ask -f '%track% %title%' playlist)"; ok
ask play 1 >/dev/null
until_ "the first song plays" plays 1
until_ "its sound goes on" past 1; ok

# Both formats that can be sought in: the FLAC first, then the MP3.
for n in 1 2; do
    until_ "song $n plays" plays "$n"
    [ "$(ask current)" = "Somebody - Song $n" ] || fail "song $n is $(ask current)"; ok

    ask pause >/dev/null
    until_ "song $n pauses" pauses
    stood="$(seconds)"
    sleep 1.5
    [ "$(seconds)" = "$stood" ] || fail "paused song $n went on from $stood to $(seconds)"; ok
    ask play >/dev/null
    until_ "song $n goes on" plays "$n"
    until_ "its sound goes on" past $((stood + 1)); ok

    # Music goes on while we ask: what that takes is added to a second.
    asked=$SECONDS
    ask seek 0:25 >/dev/null
    until_ "song $n is sought forwards" past 25
    at="$(seconds)"
    [ "$at" -le $((26 + SECONDS - asked)) ] || fail "song $n asked to be at 25 s is at $at s"; ok
    until_ "it goes on from there" past 27; ok
    asked=$SECONDS
    ask seek 0:10 >/dev/null
    until_ "song $n is sought backwards" before 25
    at="$(seconds)"
    { [ "$at" -ge 10 ] && [ "$at" -le $((11 + SECONDS - asked)) ]; } || fail "song $n asked to be at 10 s is at $at s"; ok
    until_ "it goes on from there" past 12; ok
    [ "$n" = 2 ] || ask next >/dev/null
done

ask prev >/dev/null
until_ "the song before plays" plays 1; ok
ask next >/dev/null
until_ "the song after plays" plays 2; ok

# The end of a song, and of the album.
ask seek 0:38 >/dev/null
until_ "the next song plays by itself" plays 3; ok
[ "$(ask current)" = "Somebody - Song 3" ] || fail "the third song is $(ask current)"; ok
ended() { [ -z "$(line)" ]; }
until_ "the album ends" ended; ok

! grep -E 'ERROR|Traceback|WARNING.*subsonic' "$work/mopidy.log" || fail "the player complained"
echo "mopidy: $passed passed, 0 failed, $SECONDS s"
