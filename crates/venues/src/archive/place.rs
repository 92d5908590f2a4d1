use std::path::PathBuf;

use clock::Date;

use crate::Error;

/// What a file of the archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Bars of trades.
    Klines,
    /// Trades, put together by the venue.
    AggTrades,
    /// Single trades.
    Trades,
    /// Best bids and asks.
    BookTicker,
    /// Settled funding.
    FundingRate,
    /// Bars of the mark price.
    MarkPriceKlines,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Klines,
        Self::AggTrades,
        Self::Trades,
        Self::BookTicker,
        Self::FundingRate,
        Self::MarkPriceKlines,
    ];

    /// The archive's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Klines => "klines",
            Self::AggTrades => "aggTrades",
            Self::Trades => "trades",
            Self::BookTicker => "bookTicker",
            Self::FundingRate => "fundingRate",
            Self::MarkPriceKlines => "markPriceKlines",
        }
    }

    /// Whether its files are of bars of some length.
    pub const fn has_interval(self) -> bool {
        matches!(self, Self::Klines | Self::MarkPriceKlines)
    }
}

/// How long a file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Every {
    /// A day.
    Day,
    /// A month.
    Month,
}

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    symbol: String,
    kind: Kind,
    interval: Option<String>,
    every: Every,
    /// The day, or the first one of the month.
    date: Date,
}

impl Place {
    /// The files of one contract and kind that hold the days from `from` to `to`. `interval` is the
    /// length of bars, as the archive names it, and of no account for other kinds.
    ///
    /// # Errors
    /// [`Error::Asked`] for a contract or a length that cannot be in an address, and for days that
    /// end before they begin.
    pub fn all(
        symbol: &str,
        kind: Kind,
        interval: &str,
        every: Every,
        (from, to): (Date, Date),
    ) -> Result<Vec<Self>, Error> {
        let accepted = "capital letters, digits and _, such as BTCUSDT";
        named("contract", symbol, accepted, |byte| byte.is_ascii_uppercase())?;
        if kind.has_interval() {
            named("interval", interval, "such as 1m, 4h, 1d", |byte| byte.is_ascii_alphabetic())?;
        }
        if to < from {
            let (what, given) = ("days", format!("{from} to {to}"));
            return Err(Error::Asked { what, given, accepted: "an end that is not before" });
        }
        // Funding is there by months alone.
        let every = if kind == Kind::FundingRate { Every::Month } else { every };
        let mut places = Vec::new();
        let mut date = if every == Every::Month { from.first_of_month() } else { from };
        while date <= to {
            places.push(Self {
                symbol: symbol.to_owned(),
                kind,
                interval: kind.has_interval().then(|| interval.to_owned()),
                every,
                date,
            });
            date = if every == Every::Month { date.next_month() } else { date.next() };
        }
        Ok(places)
    }

    /// Its name, such as "BTCUSDT-1m-2024-01.zip".
    pub fn name(&self) -> String {
        let of = self.interval.as_deref().unwrap_or(self.kind.name());
        let date = match self.every {
            Every::Day => self.date.to_string(),
            Every::Month => self.date.month(),
        };
        format!("{}-{of}-{date}.zip", self.symbol)
    }

    /// Its folder below the archive's `data`, which is its folder below ours too: bars of trades and
    /// of marks have one name.
    pub fn folder(&self) -> PathBuf {
        self.steps().collect()
    }

    /// Its address below a base.
    pub(super) fn url(&self, base: &str) -> String {
        let steps: Vec<&str> = self.steps().collect();
        format!("{}/data/{}/{}", base.trim_end_matches('/'), steps.join("/"), self.name())
    }

    fn steps(&self) -> impl Iterator<Item = &str> {
        let every = match self.every {
            Every::Day => "daily",
            Every::Month => "monthly",
        };
        ["futures", "um", every, self.kind.name(), &self.symbol]
            .into_iter()
            .chain(self.interval.as_deref())
    }
}

fn named(
    what: &'static str,
    given: &str,
    accepted: &'static str,
    is_letter: impl Fn(&u8) -> bool,
) -> Result<(), Error> {
    let fits = |byte: &u8| is_letter(byte) || byte.is_ascii_digit() || *byte == b'_';
    if (1..=40).contains(&given.len()) && given.as_bytes().iter().all(fits) {
        return Ok(());
    }
    Err(Error::Asked { what, given: given.to_owned(), accepted })
}

#[cfg(test)]
mod tests {
    use clock::Date;

    use super::{Every, Kind, Place};

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn urls(kind: Kind, every: Every, from: &str, to: &str) -> Vec<String> {
        let places = Place::all("BTCUSDT", kind, "1m", every, (date(from), date(to))).unwrap();
        places.iter().map(|place| place.url("https://a.b/")).collect()
    }

    #[test]
    fn addresses_are_the_archives() {
        let bars = urls(Kind::Klines, Every::Month, "2023-12-31", "2024-01-01");
        let month = "https://a.b/data/futures/um/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-";
        assert_eq!(bars, [format!("{month}2023-12.zip"), format!("{month}2024-01.zip")]);
        let trades = urls(Kind::AggTrades, Every::Day, "2024-02-28", "2024-03-01");
        let day = "https://a.b/data/futures/um/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-";
        let days = ["2024-02-28", "2024-02-29", "2024-03-01"];
        assert_eq!(trades, days.map(|date| format!("{day}{date}.zip")));
        let funding = urls(Kind::FundingRate, Every::Day, "2024-02-28", "2024-02-28");
        assert!(
            funding[0].ends_with("monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2024-02.zip")
        );
        let marks = urls(Kind::MarkPriceKlines, Every::Day, "2024-02-28", "2024-02-28");
        assert!(marks[0].ends_with("markPriceKlines/BTCUSDT/1m/BTCUSDT-1m-2024-02-28.zip"));
    }

    #[test]
    fn what_cannot_be_in_an_address_is_refused() {
        let days = (date("2024-01-01"), date("2024-01-02"));
        let all = |symbol, interval, days| {
            Place::all(symbol, Kind::Klines, interval, Every::Day, days).map(|places| places.len())
        };
        assert_eq!(all("BTCUSDT_240628", "1m", days).unwrap(), 2);
        for symbol in ["", "../..", "btcusdt", "A/B", "BTC USDT", "BTC%2F"] {
            assert!(all(symbol, "1m", days).unwrap_err().to_string().contains("contract"));
        }
        for interval in ["", "..", "1/m"] {
            assert!(all("BTCUSDT", interval, days).unwrap_err().to_string().contains("interval"));
        }
        let said = all("BTCUSDT", "1m", (days.1, days.0)).unwrap_err().to_string();
        assert_eq!(
            said,
            "days \"2024-01-02 to 2024-01-01\": accepted is an end that is not before"
        );
    }
}
