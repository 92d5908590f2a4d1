#!/usr/bin/env bash
# One tone, cut into three tracks of an album, must come back from a stream as one tone: every sample of it, as
# ffmpeg decodes both.
#
# Usage: scripts/gapless.sh PROGRAM
set -euo pipefail

program="$(realpath "$1")"
here="$(cd "$(dirname "$0")" && pwd)"
whole="$(mktemp -d)"
music="$whole/music"
mkdir -p "$music/album"
ffmpeg -nostdin -v error -f lavfi -i "sine=440:duration=12:sample_rate=44100" -ac 2 -sample_fmt s16 "$whole/whole.flac"
track=0
# Cuts where no frame of FLAC ends.
for span in 0:176777 176777:352801 352801:529200; do
    track=$((track + 1))
    ffmpeg -nostdin -v error -i "$whole/whole.flac" -af "atrim=start_sample=${span%:*}:end_sample=${span#*:}" \
        -metadata title="$track" -metadata artist=Tone -metadata album=Tone -metadata track="$track" \
        "$music/album/$track.flac"
done

# shellcheck source=scripts/conformance/server.sh
. "$here/conformance/server.sh"

ask() { curl -sSf -H "Authorization: Bearer $key" -H "Content-Type: application/json" "$@"; }
tracks="$(ask "${url}api/v1/tracks" | python3 -c '
import json, sys
tracks = sorted(json.load(sys.stdin)["items"], key=lambda track: track["title"])
print(json.dumps([track["id"] for track in tracks]))')"
id="$(ask -d "{\"tracks\": $tracks, \"crossfade_seconds\": 3, \"level\": \"off\"}" "${url}api/v1/streams" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])')"
for file in live.flac live.wav; do
    [ "$file" = live.flac ] || id="$(ask -d "{\"tracks\": $tracks, \"level\": \"off\"}" "${url}api/v1/streams" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])')"
    ask "${url}api/v1/streams/$id/$file" -o "$work/$file"
    heard="$(ffmpeg -nostdin -v error -i "$work/$file" -f s16le - | md5sum)"
    wanted="$(ffmpeg -nostdin -v error -i "$whole/whole.flac" -f s16le - | md5sum)"
    [ "$heard" = "$wanted" ] || { echo "$file is not the tone that was cut"; exit 1; }
    echo "$file: three tracks, one tone, every sample"
done
rm -rf "$whole"
