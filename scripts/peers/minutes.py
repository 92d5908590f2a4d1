"""The 43,199 minutes of BTCUSDT that every contest on bars is held on."""

import os

import pandas as pd


def frame():
    """Open, high, low, close and volume by the time a bar opened, as floats."""
    path = os.path.join(os.environ["TRIAD_DATA"], "market/bars/BTCUSDT-1m.csv.gz")
    read = pd.read_csv(path)
    read.index = pd.to_datetime(read.pop("open_time"), unit="ms", utc=True)
    return read.astype("float64")
