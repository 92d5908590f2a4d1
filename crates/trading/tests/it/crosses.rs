//! The anchor of every parity contest: averages over 10 and 20 closes of BTCUSDT.

use trading::Period;
use trading::indicators::Ema;

use crate::real::{dollars, minutes};

#[test]
fn averages_of_10_and_20_minutes_cross_1977_times() {
    let test = "crosses of two averages";
    let (Some(dollars), Some(ticks)) = (dollars(test), minutes(test)) else { return };
    for candles in [dollars, ticks] {
        assert_eq!(candles.len(), 43_199);
        let mut fast = Ema::new(Period::new("fast", 10).unwrap());
        let mut slow = Ema::new(Period::new("slow", 20).unwrap());
        let (mut above, mut ups, mut downs) = (None, 0, 0);
        for candle in &candles {
            let (fast, slow) = (fast.update(candle.close()), slow.update(candle.close()));
            let (Some(fast), Some(slow)) = (fast, slow) else { continue };
            let now = fast > slow;
            if let Some(before) = above.replace(now) {
                ups += u32::from(now && !before);
                downs += u32::from(!now && before);
            }
        }
        assert_eq!((ups, downs), (989, 988));
    }
}
