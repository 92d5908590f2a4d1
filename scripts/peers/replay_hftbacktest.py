"""hftbacktest: the raw capture, converted by its own converter, through its venue and its local side,
which both keep the book; the loop is compiled by numba, as its documentation shows."""

import os

from turns import serve, timed

from hftbacktest import BacktestAsset, HashMapMarketDepthBacktest, ROIVectorMarketDepthBacktest
from hftbacktest.data.utils import binancefutures
from numba import njit

SECOND = 1_000_000_000

capture = os.path.join(os.environ["TRIAD_DATA"], "market/raw/usdm_btcusdt_20240808.gz")
converting, events = timed(lambda: binancefutures.convert(capture, buffer_size=2_000_000))


@njit
def in_steps(hbt, step):
    steps = 0
    while hbt.elapse(step) == 0:
        steps += 1
    return steps


@njit
def by_feed(hbt):
    feeds = 0
    while hbt.wait_next_feed(False, 60 * SECOND) == 2:
        feeds += 1
    return feeds


def venue(kind):
    asset = (
        BacktestAsset()
        .data(events)
        .linear_asset(1.0)
        .constant_order_latency(250_000, 250_000)
        .risk_adverse_queue_model()
        .no_partial_fill_exchange()
        .trading_value_fee_model(0.0002, 0.0005)
        .tick_size(0.1)
        .lot_size(0.001)
    )
    if kind is ROIVectorMarketDepthBacktest:
        asset = asset.roi_lb(50_000.0).roi_ub(70_000.0)
    return kind([asset])


def turn(kind, loop, *arguments):
    hbt = venue(kind)
    seconds, steps = timed(lambda: loop(hbt, *arguments))
    depth = hbt.depth(0)
    pace = f"{seconds * 1e3:.1f} ms a capture"
    top = f"{depth.best_bid:.1f} / {depth.best_ask:.1f}"
    said = f"{len(events)} events, {steps} steps, {pace}, book at {top}"
    hbt.close()
    return seconds, said


jobs = {
    "steps": lambda: turn(ROIVectorMarketDepthBacktest, in_steps, SECOND),
    "steps, map": lambda: turn(HashMapMarketDepthBacktest, in_steps, SECOND),
    "feed": lambda: turn(ROIVectorMarketDepthBacktest, by_feed),
}
warm, _ = timed(lambda: [job() for job in jobs.values()])
serve(jobs, converting=converting, warm=warm, events=len(events))
