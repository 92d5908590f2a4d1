#!/usr/bin/env python3
"""Makes crates/trading/tests/it/talib.csv: what TA-Lib reads on the venue's BTCUSDT 1m bars.

    python3 -m venv DIR && DIR/bin/pip install TA-Lib==0.8.2 numpy
    TRIAD_DATA=... DIR/bin/python scripts/talib-golden.py > crates/trading/tests/it/talib.csv

The first 60 rows and every 997th are kept. The width of the Bollinger bands is not TA-Lib's: it
takes the mean of squares less the square of the mean, which leaves no nine digits of a deviation
of 30 at a price of 95,000. It is the two-pass deviation in extended precision.
"""

import gzip
import os
import sys

import numpy as np
import talib

path = os.path.join(os.environ["TRIAD_DATA"], "market/bars/BTCUSDT-1m.csv.gz")
with gzip.open(path, "rt") as lines:
    rows = np.loadtxt(lines, delimiter=",", skiprows=1)
open_, high, low, close, volume = (np.ascontiguousarray(rows[:, at]) for at in range(1, 6))

columns = {"open": open_, "high": high, "low": low, "close": close, "volume": volume}
for period in (14, 7):
    columns[f"rsi{period}"] = talib.RSI(close, period)
    columns[f"atr{period}"] = talib.ATR(high, low, close, period)
    columns[f"plus{period}"] = talib.PLUS_DI(high, low, close, period)
    columns[f"minus{period}"] = talib.MINUS_DI(high, low, close, period)
    columns[f"adx{period}"] = talib.ADX(high, low, close, period)
columns["ema12"] = talib.EMA(close, 12)
columns["sma20"] = talib.SMA(close, 20)
columns["line"], columns["signal"], columns["histogram"] = talib.MACD(close, 12, 26, 9)
columns["upper"], columns["middle"], columns["lower"] = talib.BBANDS(close, 20, 2.0, 2.0)
columns["mom10"] = talib.MOM(close, 10)

width = np.full(len(close), np.nan)
exact = close.astype(np.longdouble)
for at in range(19, len(close)):
    window = exact[at - 19 : at + 1]
    mean = window.mean()
    width[at] = float(4 * np.sqrt(((window - mean) ** 2).mean()) / mean)
columns["width"] = width

keep = [at for at in range(len(close)) if at < 60 or at % 997 == 0]
out = sys.stdout
out.write(f"# TA-Lib {talib.__version__} (C {talib.__ta_version__.decode().split()[0]}), ")
out.write("BTCUSDT 1m from 2025-05-04, made by scripts/talib-golden.py\n")
out.write("row," + ",".join(columns) + "\n")
for at in keep:
    cells = ("" if np.isnan(column[at]) else repr(float(column[at])) for column in columns.values())
    out.write(f"{at}," + ",".join(cells) + "\n")
