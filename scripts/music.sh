#!/usr/bin/env bash
# Fetches real music to try the mastering and the library on: packages of free games, by apt, at
# the versions and sums below. Safe to run again; nothing of it is part of this repository.
#
# Usage: scripts/music.sh [--all]
#   Without --all the measured set: 146 tracks of at least 45 s, 575 MB to fetch.
#
# TRIAD_MUSIC chooses the folder; the default is ~/.cache/triad-music. Each package becomes a
# folder of its sound files with its copyright file; tracks.txt lists the tracks of 45 s and more.
set -euo pipefail

music="${TRIAD_MUSIC:-$HOME/.cache/triad-music}"
# Seconds that make a sound file a track.
track=45
# A file whose length ffprobe does not tell is a track from this size on: 45 s at 128 kbit/s.
track_bytes=720000

# package, version, SHA-256 of the .deb.
measured='
wesnoth-1.16-music 1:1.16.9-1 f9bc3cde92b4ab30db5d7b85f89b4bcc3d788dd92602956d0347250850bf59bb
nexuiz-music 2.5.2-12 d1a7d6e2c0a5bbe6670dbf73354e38f742597310d425e373250fc71a636f8dda
supertux-data 0.6.3-2 a6ad8865972f1dbb5e7b49f4e1b381dd16a68f3028a3502cfeaca2400285d27f
colobot-common-sounds 0.2.0-2 819e799542eac69c95b072567b5584eb3e0b2bb900de13efa3684915747b1644
singularity-music 007-2 139ba1e408eeb0a72f1fff3760ca46558b9f81bed97dc8c0efa108c4007f4845
hyperrogue-music 12.0q-1 61ab9f4c2169442d85f42c42d26e80c1a18b93c741f3d44f1b9d83015904e7f7
'
further='
ufoai-music 2.5-2 2465d55e9dce75a3a2a1ad1c8ca67da84e251c04e0965d63a8562b2d9f76f9e6
warzone2100-music 4.3.3-3 d3b2c9f90ea5438d45d4aff18339a03ec808e1affa9dac91f7dad61cb15ee64e
hedgewars-data 1.0.2-6 722225903a72604403e6e0026e40e9a6953f47a74d94efc5f55504bc05bb4761
planetblupi-music-ogg 1.14.2-3 7d89a6d00b43cdb601e35256ab1a62814d203b5922cfed6a0e73e98486e82fa6
drascula-music 1.0+ds4-2 340e0beb1bacf005cbabebc07ebdd88adf6aee363d437f8a7d73cb0c77a93e79
flare-game 1.14-1 4ab6a8298276013d35a0806257e130d992761af1b749041433b409c3dafec508
asc-music 1.3-6 369f2d396adb8db9003ef73b797d529e284a7764a5ff4b59a50a4c8b9294da5f
'

fail() { echo "music: $*" >&2; exit 1; }

case "${1:-}" in
    '') wanted="$measured" ;;
    --all) wanted="$measured$further" ;;
    *) fail "unknown option $1; there is --all" ;;
esac
for program in apt-get dpkg-deb unzip ffprobe sha256sum; do
    command -v "$program" >/dev/null || fail "$program is missing (apt, dpkg, unzip, ffmpeg, coreutils)"
done
mkdir -p "$music"
work="$(mktemp -d "$music/.fetching.XXXXXX")"
trap 'rm -rf "$work"' EXIT

is_sound() {
    find "$1" -type f "${@:2}" \( -iname '*.ogg' -o -iname '*.opus' -o -iname '*.mp3' \
        -o -iname '*.flac' -o -iname '*.wav' \)
}

# fetch PACKAGE VERSION SUM: its sound files in a folder of its name.
fetch() {
    local package="$1" version="$2" sum="$3" debs
    [ "$(cat "$music/$package/.sum" 2>/dev/null)" = "$sum" ] && return
    echo "music: $package $version"
    mkdir "$work/$package"
    (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root "$package=$version") \
        || fail "$package $version could not be fetched: offline, or no apt source of Debian 12 (try apt-get update)"
    debs=("$work"/*.deb)
    echo "$sum  ${debs[0]}" | sha256sum --check --quiet || fail "$package is not the one expected"
    dpkg-deb -x "${debs[0]}" "$work/$package"
    rm "${debs[@]}"
    find "$work/$package" -type f -name '*.pk3' -print0 | while IFS= read -r -d '' pack; do
        unzip -q -o "$pack" -d "${pack%.pk3}"
    done
    find "$work/$package" ! -type d ! -iname '*.ogg' ! -iname '*.opus' ! -iname '*.mp3' \
        ! -iname '*.flac' ! -iname '*.wav' ! -name copyright -delete
    find "$work/$package" -depth -type d -empty -delete
    [ -n "$(is_sound "$work/$package" -print -quit)" ] || fail "$package holds no sound files"
    echo "$sum" >"$work/$package/.sum"
    rm -rf "${music:?}/$package"
    mv "$work/$package" "$music/$package"
}

while read -r package version sum; do
    [ -z "$package" ] || fetch "$package" "$version" "$sum"
done <<<"$wanted"

is_sound "$music" | LC_ALL=C sort | while IFS= read -r file; do
    seconds="$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$file" 2>/dev/null || true)"
    if awk -v s="$seconds" -v least="$track" 'BEGIN { exit !(s ~ /^[0-9.]+$/ && s + 0 >= least) }'; then
        echo "$file"
    elif [[ ! "$seconds" =~ ^[0-9.]+$ ]] && (($(stat -c %s "$file") >= track_bytes)); then
        echo "$file"
    fi
done >"$work/tracks.txt"
mv "$work/tracks.txt" "$music/tracks.txt"
echo "music: $(wc -l <"$music/tracks.txt") tracks of $track s and more in $music, listed in tracks.txt"
