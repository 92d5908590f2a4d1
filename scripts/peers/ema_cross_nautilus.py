"""NautilusTrader: an engine, a venue of bars and a strategy, by the low-level interface."""

from turns import serve, timed

from nautilus_trader.backtest.config import BacktestEngineConfig
from nautilus_trader.backtest.engine import BacktestEngine
from nautilus_trader.config import LoggingConfig
from nautilus_trader.indicators import ExponentialMovingAverage
from nautilus_trader.model import BarType, Money, TraderId, Venue
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

import minutes

instrument = TestInstrumentProvider.btcusdt_perp_binance()
bar_type = BarType.from_str(f"{instrument.id}-1-MINUTE-LAST-EXTERNAL")
loading, bars = timed(
    lambda: BarDataWrangler(bar_type, instrument).process(
        minutes.frame(), ts_init_delta=60_000_000_000
    )
)


class Cross(Strategy):
    """Its own example of a cross, without what that logs of every bar: the averages are its
    compiled ones, which it updates itself."""

    def __init__(self):
        super().__init__()
        self.fast, self.slow = ExponentialMovingAverage(10), ExponentialMovingAverage(20)
        self.above, self.ups, self.downs = None, 0, 0
        self.size = instrument.make_qty(0.01)

    def on_start(self):
        self.register_indicator_for_bars(bar_type, self.fast)
        self.register_indicator_for_bars(bar_type, self.slow)
        self.subscribe_bars(bar_type)

    def on_bar(self, bar):
        if not self.slow.initialized:
            return
        above = self.fast.value > self.slow.value
        before, self.above = self.above, above
        if before is None or before == above:
            return
        if above:
            self.ups += 1
        else:
            self.downs += 1
        if not self.portfolio.is_flat(instrument.id):
            self.close_all_positions(instrument.id)
        side = OrderSide.BUY if above else OrderSide.SELL
        self.submit_order(self.order_factory.market(instrument.id, side, self.size))


def engine():
    quiet = LoggingConfig(bypass_logging=True)
    made = BacktestEngine(BacktestEngineConfig(trader_id=TraderId("TRIAD-001"), logging=quiet))
    made.add_venue(
        venue=Venue("BINANCE"),
        oms_type=OmsType.NETTING,
        account_type=AccountType.MARGIN,
        base_currency=None,
        starting_balances=[Money(10_000, USDT)],
    )
    made.add_instrument(instrument)
    made.add_data(bars)
    return made


def turn():
    made, strategy = engine(), Cross()
    made.add_strategy(strategy)
    seconds, _ = timed(made.run)
    orders = made.cache.orders_total_count()
    made.dispose()
    return seconds, f"{strategy.ups} crosses up, {strategy.downs} down, {orders} orders"


serve({"cross": turn}, loading=loading)
