#!/usr/bin/env bash
# Makes the music that clients are tried on: two albums of somebody's tones in five formats. Two of the songs are
# long enough to seek in; one has words, and its album a picture.
#
# Usage: scripts/conformance/tones.sh FOLDER
set -euo pipefail

mkdir -p "$1/first" "$1/second"
n=0
while read -r file seconds; do
    n=$((n + 1))
    ffmpeg -nostdin -v error -f lavfi -i "sine=$((200 + 50 * n)):duration=$seconds" \
        -metadata title="Song $n" -metadata artist="Somebody" -metadata album="${file%/*}" \
        -metadata genre="Tones" -metadata track="$n" -metadata date="20$((10 + n))" "$1/$file"
done <<'FILES'
first/1.flac 40
first/2.mp3 40
first/3.ogg 3
second/1.flac 3
second/2.opus 3
second/3.m4a 3
FILES
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=640x640 -frames:v 1 "$1/first/cover.png"
printf '[00:01.00]A tone\n[00:20.50]the same tone\n' >"$1/first/1.lrc"
