#!/usr/bin/env bash
# Checks a release folder of `aether make` with ffprobe, ffmpeg, flac and mpg123.
# Usage: scripts/check-song.sh DIR [LUFS [CEILING]]
set -euo pipefail
song="$1"
target="${2:--14.0}"
ceiling="${3:--1.0}"

fail() { echo "check-song: $*" >&2; exit 1; }

for file in song.mid master.wav master.flac master.mp3 report.html report.json recipe.json; do
    [ -s "$song/$file" ] || fail "$file is missing"
done

flac -t -s "$song/master.flac"
mpg123 -q -t "$song/master.mp3"

frames() {
    ffmpeg -v error -i "$1" -f s16le -ac 1 - | wc -c | awk '{ print $1 / 2 }'
}
wav="$(frames "$song/master.wav")"
for file in master.flac master.mp3; do
    [ "$(frames "$song/$file")" = "$wav" ] || fail "$file has not the length of master.wav"
done

md5() { ffmpeg -v error -i "$1" -c:a pcm_s24le -f md5 -; }
[ "$(md5 "$song/master.wav")" = "$(md5 "$song/master.flac")" ] || fail "FLAC and WAV differ"

ffprobe -v error -show_entries format_tags=title -of default=nw=1:nk=1 "$song/master.wav" | grep -q . \
    || fail "master.wav has no title"

reading="$(ffmpeg -nostats -i "$song/master.wav" -af ebur128=peak=true -f null - 2>&1 | tail -14)"
loudness="$(awk '/I:/ { print $2 }' <<<"$reading")"
peak="$(awk '/Peak:/ { print $2 }' <<<"$reading")"
awk -v i="$loudness" -v t="$target" 'BEGIN { d = i - t; exit !(d <= 0.2 && d >= -0.2) }' \
    || fail "ffmpeg reads $loudness LUFS, wanted $target"
awk -v p="$peak" -v c="$ceiling" 'BEGIN { exit !(p <= c) }' \
    || fail "ffmpeg reads a true peak of $peak dBFS, ceiling $ceiling"

stems="$(find "$song/stems" -name '*.wav' | wc -l)"
for stem in "$song"/stems/*.wav; do
    [ "$(frames "$stem")" = "$wav" ] || fail "$stem has not the length of master.wav"
done
echo "check-song: $loudness LUFS, true peak $peak dBFS, $wav frames in every format, $stems stems of the same length"
