use super::Ema;
use crate::{Error, Period, Price};

/// What MACD reads, in the unit of the price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MacdReading {
    /// The fast average less the slow one.
    pub line: f64,
    /// The average of the line.
    pub signal: f64,
    /// The line less the signal.
    pub histogram: f64,
}

/// Moving average convergence and divergence (Appel 1979), seeded as TA-Lib: the fast average
/// starts late, so that both are simple averages ending at the same close.
#[derive(Debug, Clone)]
pub struct Macd {
    /// Closes the fast average still lets pass.
    late: usize,
    fast: Ema,
    slow: Ema,
    signal: Ema,
    line: Option<f64>,
}

impl Macd {
    /// The averages of the line and the signal; the signal's first reading, and with it all of
    /// them, comes with close `slow` + `signal` - 1.
    ///
    /// # Errors
    /// [`Error::Setting`] where the fast average is not faster than the slow one.
    pub fn new(fast: Period, slow: Period, signal: Period) -> Result<Self, Error> {
        if fast >= slow {
            let accepted = format!("1 to {}, below macd.slow", slow.bars().saturating_sub(1));
            let value = fast.bars().to_string();
            return Err(Error::Setting { key: "macd.fast", value, accepted });
        }
        Ok(Self {
            late: slow.bars() - fast.bars(),
            fast: Ema::new(fast),
            slow: Ema::new(slow),
            signal: Ema::new(signal),
            line: None,
        })
    }

    /// The readings after this close.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<MacdReading> {
        let slow = self.slow.update(close);
        let fast = if self.late == 0 {
            self.fast.update(close)
        } else {
            self.late -= 1;
            None
        };
        let line = fast? - slow?;
        self.line = Some(line);
        let signal = self.signal.next(line)?;
        Some(MacdReading { line, signal, histogram: line - signal })
    }

    /// The line so far; it is there before the signal is.
    pub fn line(&self) -> Option<f64> {
        self.line
    }
}
