"""TA-Lib: whole arrays at once, and one bar at a time by its streams.

    python indicators_talib.py PASSES

A stream takes one pass: from Python a call costs more than the function does.
"""

import sys

from turns import serve, timed

import numpy as np
import talib
from talib import stream

import minutes

# More than any of them needs before its first reading.
BEFORE = 64

passes = int(sys.argv[1])
bars = minutes.frame()
columns = {name: np.ascontiguousarray(bars[name]) for name in ("high", "low", "close")}
one, three = ("close",), ("high", "low", "close")

# Name, what it reads, how it is set, and which of several results is shown.
ASKED = {
    "ema": ("EMA", one, (12,), None),
    "sma": ("SMA", one, (20,), None),
    "rsi": ("RSI", one, (14,), None),
    "atr": ("ATR", three, (14,), None),
    "adx": ("ADX", three, (14,), None),
    "macd": ("MACD", one, (12, 26, 9), 0),
    "bands": ("BBANDS", one, (20, 2.0, 2.0), 0),
    "momentum": ("MOM", one, (10,), None),
}


def words(result, shown):
    return f"last {result if shown is None else result[shown]:.6f}"


def at_once(name, reads, settings, shown):
    function, inputs = getattr(talib, name), [columns[column] for column in reads]

    def run():
        for _ in range(passes):
            result = function(*inputs, *settings)
        return result

    seconds, result = timed(run)
    last = result[-1] if shown is None else [line[-1] for line in result]
    return seconds, words(last, shown)


def one_by_one(name, reads, settings, shown):
    inputs = [columns[column] for column in reads]
    update = getattr(stream, name)(*(column[:BEFORE] for column in inputs), *settings).update
    rest = [column[BEFORE:].tolist() for column in inputs]

    def of_closes():
        for close in rest[0]:
            result = update(close)
        return result

    def of_bars():
        for high, low, close in zip(*rest):
            result = update(high, low, close)
        return result

    seconds, result = timed(of_closes if len(rest) == 1 else of_bars)
    return seconds, words(result, shown)


jobs = {}
for job, asked in ASKED.items():
    jobs[job] = lambda asked=asked: at_once(*asked)
    jobs[f"{job} stream"] = lambda asked=asked: one_by_one(*asked)
serve(jobs)
