"""smartmoneyconcepts: swings, breaks, gaps, blocks and liquidity of all bars at once."""

from turns import serve, timed

import pandas as pd
from smartmoneyconcepts import smc

import minutes

SWING = 5

bars = minutes.frame()


def parts(ohlc):
    """Seconds of each function, and how many rows it filled."""
    told = {}

    def take(name, function):
        seconds, result = timed(function)
        filled = int(result.notna().any(axis=1).sum())
        told[name] = (seconds, filled)
        return result

    swings = take("swings", lambda: smc.swing_highs_lows(ohlc, swing_length=SWING))
    take("breaks", lambda: smc.bos_choch(ohlc, swings))
    take("gaps", lambda: smc.fvg(ohlc))
    take("blocks", lambda: smc.ob(ohlc, swings))
    take("liquidity", lambda: smc.liquidity(ohlc, swings))
    return told


def all_of_it():
    told = parts(bars)
    each = ", ".join(
        f"{name} {seconds * 1e6 / len(bars):.1f} µs a bar ({filled})"
        for name, (seconds, filled) in told.items()
    )
    return sum(seconds for seconds, _ in told.values()), each


warm, _ = timed(lambda: parts(pd.DataFrame(bars.iloc[:2_000])))
serve({"all": all_of_it}, warm=warm)
