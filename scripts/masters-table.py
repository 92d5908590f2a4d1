#!/usr/bin/env python3
"""Prints docs/masters.md from the batch.jsonl of a batch over the music of scripts/music.sh.

    scripts/music.sh
    auralis batch ~/.cache/triad-music --out OUT --preset adaptive --format mp3
    scripts/masters-table.py OUT/batch.jsonl "2026-11-22, Intel Xeon, two threads" > docs/masters.md
"""

import json
import sys

TARGET_LUFS, CEILING_DBTP = -14.0, -1.0


def records(path):
    """The last record of each output: a file that was mastered again stands there twice."""
    found = {}
    with open(path, encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            record = json.loads(line)
            if "brief" in record:
                found[record["output"]] = record["brief"]
    return sorted(found.items())


def main():
    path, when = sys.argv[1], sys.argv[2]
    rows = records(path)
    off = [abs(brief["after_lufs"] - TARGET_LUFS) for _, brief in rows]
    peaks = [brief["after_dbtp"] for _, brief in rows]
    missed = [(name, brief["missed"]) for name, brief in rows if brief["missed"]]
    print(f"""# 146 real tracks, before and after

Written by `scripts/masters-table.py`: {when}. The music of `scripts/music.sh`, each track mastered by
`auralis batch --preset adaptive --format mp3` to {TARGET_LUFS:.0f} LUFS under {CEILING_DBTP:.0f} dBTP.
What stands under "after" was measured on the MP3 that was written, decoded again.

| | |
|---|---|
| Tracks | {len(rows)} |
| Within 0.1 LU of the target | {sum(o <= 0.1 for o in off)} |
| Furthest from it | {max(off):.3f} LU |
| Highest true peak after decoding | {max(peaks):.2f} dBTP |
| Missed, with the reason | {len(missed)} |
""")
    for name, reason in missed:
        print(f"* {name}: {reason}")
    if missed:
        print()
    print("| Track | Before, LUFS | dBTP | After, LUFS | dBTP | Gain, dB | Limiter at most, dB | Stages |")
    print("|---|---|---|---|---|---|---|---|")
    for name, brief in rows:
        stages = ", ".join(brief["stages"])
        print(
            f"| {name.rsplit('.', 1)[0]} | {brief['before_lufs']:.1f} | {brief['before_dbtp']:.1f} "
            f"| {brief['after_lufs']:.2f} | {brief['after_dbtp']:.2f} | {brief['gain_db']:+.1f} "
            f"| {brief['limiting_db']:.1f} | {stages} |"
        )


if __name__ == "__main__":
    main()
