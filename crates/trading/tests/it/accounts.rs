use clock::Nanos;
use market::{Fixed8, Lots, Notional, Side, SymbolId};
use proptest::prelude::{Strategy, any, prop, prop_assert_eq, proptest};
use trading::Error;
use trading::portfolio::{Net, Portfolio};

use crate::world::{BTC, ETH, contracts, fill};

const DEPOSIT: Notional = Notional::whole(10_000);

#[test]
fn a_long_and_a_short_by_hand() {
    let contracts = contracts();
    let btc = contracts.get(BTC).unwrap();
    let mut account = Portfolio::new(DEPOSIT, contracts.len());
    // 0.1 BTC at 60,000.0, then 0.1 at 61,000.0: 12,100 for 0.2.
    assert_eq!(account.fill(btc, &fill(1, BTC, Side::Buy, 600_000, 100)), Ok(None));
    assert_eq!(account.fill(btc, &fill(2, BTC, Side::Buy, 610_000, 100)), Ok(None));
    assert_eq!(account.position(BTC).unwrap().entry(), Notional::whole(12_100));
    // Half of it at 62,000.0 brings 6,200 for what cost 6,050; then it is turned over.
    let sold = market::Fill { fee: Fixed8::whole(3), ..fill(3, BTC, Side::Sell, 620_000, 300) };
    let trip = account.fill(btc, &sold).unwrap().unwrap();
    assert_eq!((trip.side, trip.lots, trip.largest), (Side::Buy, Lots(200), Lots(200)));
    assert_eq!((trip.entry, trip.exit), (Notional::whole(12_100), Notional::whole(12_400)));
    // Two thirds of the fee belong to what was closed.
    assert_eq!((trip.realised, trip.fees), (Notional::whole(300), Notional::whole(2)));
    assert_eq!(trip.net(), Notional::whole(298));
    let short = account.position(BTC).unwrap();
    assert_eq!((short.net(), short.entry()), (Net(-100), Notional::whole(-6_200)));
    assert_eq!(short.fees(), Notional::whole(1));
    // It falls by 2,000 a coin: 200 for a short of 0.1.
    let worth = account.worth(&contracts, |_| Some(Fixed8::whole(60_000))).unwrap();
    assert_eq!(worth.unrealised, Notional::whole(200));
    assert_eq!(worth.gross, Notional::whole(6_000));
    assert_eq!(worth.cash(), Notional::whole(10_297));
    assert_eq!(worth.equity(), Notional::whole(10_497));
}

#[test]
fn longs_pay_funding_and_shorts_receive_it() {
    let contracts = contracts();
    let btc = contracts.get(BTC).unwrap();
    let mut account = Portfolio::new(DEPOSIT, contracts.len());
    let rate = Fixed8(10_000);
    let settle = |account: &mut Portfolio| {
        account.settle_funding(btc, BTC, rate, Fixed8::whole(60_000)).unwrap()
    };
    assert_eq!(settle(&mut account), Notional::ZERO);
    account.fill(btc, &fill(1, BTC, Side::Buy, 600_000, 1_000)).unwrap();
    // 0.01 % of 60,000.
    assert_eq!(settle(&mut account), Notional::whole(-6));
    account.fill(btc, &fill(2, BTC, Side::Sell, 600_000, 1_500)).unwrap();
    assert_eq!(settle(&mut account), Notional::whole(3));
    let worth = account.worth(&contracts, |_| Some(Fixed8::whole(60_000))).unwrap();
    assert_eq!(worth.equity(), Notional::whole(9_997));
}

#[test]
fn what_cannot_be_is_refused_and_books_nothing() {
    let contracts = contracts();
    let btc = contracts.get(BTC).unwrap();
    let mut account = Portfolio::new(DEPOSIT, contracts.len());
    let before = account.clone();
    for odd in [
        fill(1, BTC, Side::Buy, 0, 1),
        fill(1, BTC, Side::Buy, 1, 0),
        fill(1, BTC, Side::Buy, -1, -1),
    ] {
        assert!(matches!(account.fill(btc, &odd), Err(Error::Fill { .. })), "{odd:?}");
    }
    let foreign = fill(1, SymbolId(9), Side::Buy, 1, 1);
    assert_eq!(account.fill(btc, &foreign), Err(Error::UnknownSymbol(SymbolId(9))));
    assert_eq!(account, before);
    account.fill(btc, &fill(1, BTC, Side::Buy, 1, 1)).unwrap();
    assert_eq!(account.worth(&contracts, |_| None), Err(Error::NoPrice(BTC)));
}

fn fills() -> impl Strategy<Value = Vec<(bool, bool, i64, i64, i64)>> {
    let one = (any::<bool>(), any::<bool>(), 1_i64..2_000_000, 1_i64..5_000, -500_i64..5_000);
    prop::collection::vec(one, 1..60)
}

proptest! {
    /// Every fill moves the equity by its fee and by nothing else, whatever is long, short, turned
    /// over or rounded: what is owned is cash less what was paid, plus what is held at its price.
    #[test]
    fn nothing_is_made_or_lost_in_the_books(fills in fills()) {
        let contracts = contracts();
        let mut account = Portfolio::new(DEPOSIT, contracts.len());
        let (mut paid, mut held, mut trips) = (0_i128, [0_i64; 2], 0_i128);
        for (n, (eth, buy, price, quantity, fee)) in fills.into_iter().enumerate() {
            let (symbol, side) = (if eth { ETH } else { BTC }, if buy { Side::Buy } else { Side::Sell });
            let contract = contracts.get(symbol).unwrap();
            let fill = market::Fill {
                fee: Fixed8(fee),
                time: Nanos(n as i64),
                ..fill(n as u64, symbol, side, price, quantity)
            };
            let trip = account.fill(contract, &fill).unwrap();
            trips += trip.map_or(0, |trip| trip.net().0);
            let value = contract.notional(fill.price, fill.quantity).unwrap().0;
            paid += value * i128::from(side.sign()) + i128::from(fee);
            held[symbol.0 as usize] += side.sign() * quantity;
            let mark = Fixed8(i64::from(price as i32) * 1_000_000);
            let worth = account.worth(&contracts, |_| Some(mark)).unwrap();
            let value_of = |symbol: SymbolId| {
                let net = held[symbol.0 as usize];
                let lots = Lots(net.abs());
                contracts.get(symbol).unwrap().value(mark, lots).unwrap().0 * i128::from(net.signum())
            };
            prop_assert_eq!(worth.equity().0, DEPOSIT.0 - paid + value_of(BTC) + value_of(ETH));
        }
        // When all is closed, the trips are the whole story.
        for symbol in [BTC, ETH] {
            let net = account.position(symbol).unwrap().net();
            let Some(side) = net.side() else { continue };
            let last = fill(1_000 + u64::from(symbol.0), symbol, side.opposite(), 777, net.lots().0);
            let trip = account.fill(contracts.get(symbol).unwrap(), &last).unwrap().unwrap();
            trips += trip.net().0;
        }
        let worth = account.worth(&contracts, |_| None).unwrap();
        prop_assert_eq!(worth.equity().0, DEPOSIT.0 + trips);
    }
}
