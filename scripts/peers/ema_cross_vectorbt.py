"""vectorbt: averages, crosses and the portfolio they make, as whole arrays; by numba, and by the
compiled engine that it offers beside it."""

from turns import serve, timed

import vectorbt as vbt

import minutes

# By number: an index of moments costs it five times as much as the job.
close = minutes.frame()["close"].reset_index(drop=True)


def cross():
    fast, slow = vbt.MA.run(close, 10, ewm=True), vbt.MA.run(close, 20, ewm=True)
    up, down = fast.ma_crossed_above(slow), fast.ma_crossed_below(slow)
    portfolio = vbt.Portfolio.from_signals(
        close, entries=up, short_entries=down, size=0.01, init_cash=10_000.0, fees=0.0005
    )
    return int(up.sum()), int(down.sum()), portfolio.orders.count()


def turn(engine):
    vbt.settings["engine"] = engine
    seconds, (up, down, orders) = timed(cross)
    return seconds, f"{up} crosses up, {down} down, {orders} orders"


engines = {name: lambda name=name: turn(name) for name in ("numba", "rust")}
warm, _ = timed(engines["numba"])
engines["rust"]()
serve(engines, warm=warm)
