//! A file of a recorded market, and what it is to hold: said on the command line, or by the name
//! the public archive gives it.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use backtest::Source;
use clock::Date;
use market::{Contracts, Timeframe};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Bars(Timeframe),
    Trades,
    Tickers,
    Funding,
    Frames,
}

/// A file and whose market it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) symbol: String,
    pub(crate) what: What,
    pub(crate) path: PathBuf,
}

impl Piece {
    /// Files of one kind as they were named: contract and path.
    pub(crate) fn all(what: What, named: &[(String, PathBuf)]) -> impl Iterator<Item = Self> {
        let piece = move |(symbol, path): &(String, PathBuf)| Self {
            symbol: symbol.clone(),
            what,
            path: path.clone(),
        };
        named.iter().map(piece)
    }

    /// Opens it.
    pub(crate) fn open(&self, contracts: &Contracts) -> Result<Source, backtest::Error> {
        let of = contracts.find(self.symbol.as_bytes());
        let (symbol, contract) = of
            .and_then(|id| Some((id, contracts.get(id)?)))
            .ok_or_else(|| matching::Error::NoContract(self.symbol.clone()))?;
        match self.what {
            What::Bars(timeframe) => Source::bars(&self.path, symbol, contract, timeframe),
            What::Trades => Source::trades(&self.path, symbol, contract),
            What::Tickers => Source::tickers(&self.path, symbol, contract),
            What::Funding => Source::funding(&self.path, symbol),
            What::Frames => Source::frames(&self.path, symbol, contracts),
        }
    }
}

/// Names of contracts, each once, in the order of the alphabet: what is given first, and what comes of
/// it, is the same.
pub(crate) fn names(pieces: &[Piece]) -> Vec<&str> {
    let mut names: Vec<&str> = pieces.iter().map(|piece| piece.symbol.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Folders of the archive whose tables look like bars and are not of trades.
const NO_BARS: [&str; 3] = ["markPriceKlines", "indexPriceKlines", "premiumIndexKlines"];

/// Reads what a file holds from its name: "BTCUSDT-1m-2024-01.zip",
/// "BTCUSDT-aggTrades-2024-01-02.zip".
impl FromStr for Piece {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        let foreign = path.iter().find_map(|part| NO_BARS.into_iter().find(|no| part == *no));
        if let Some(folder) = foreign {
            return Err(format!("bars below {folder} are not of trades; none is imported"));
        }
        let stem = stem(&path);
        let wrong = || {
            let known: Vec<&str> = Timeframe::ALL.iter().map(|t| t.name()).collect();
            format!(
                "\"{stem}\" is no name of the archive's; accepted are SYMBOL-KIND and \
                 SYMBOL-KIND-DATE, KIND one of aggTrades, trades, bookTicker, fundingRate, {}",
                known.join(", ")
            )
        };
        let (symbol, kind) = undated(&stem).rsplit_once('-').ok_or_else(wrong)?;
        let what = match kind {
            "aggTrades" | "trades" => What::Trades,
            "bookTicker" => What::Tickers,
            "fundingRate" => What::Funding,
            length => What::Bars(Timeframe::named(length.as_bytes()).ok_or_else(wrong)?),
        };
        if symbol.is_empty() {
            return Err(wrong());
        }
        Ok(Self { symbol: symbol.to_owned(), what, path })
    }
}

/// The file's name up to its first point.
pub(crate) fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default().split('.').next().unwrap_or_default().to_owned()
}

/// A name without the day or the month at its end.
fn undated(stem: &str) -> &str {
    let without = |digits: usize, day: &str| {
        let (name, date) = stem.split_at_checked(stem.len().checked_sub(digits)?)?;
        let name = name.strip_suffix('-')?;
        Date::parse(&format!("{date}{day}")).map(|_| name)
    };
    without("2024-01-31".len(), "").or_else(|| without("2024-01".len(), "-01")).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use market::Timeframe;

    use super::{Piece, What};

    #[test]
    fn the_archives_names_say_contract_and_kind() {
        for (name, symbol, what) in [
            ("BTCUSDT-1m-2024-01.zip", "BTCUSDT", What::Bars(Timeframe::M1)),
            ("a/b/BTCUSDT-15m-2024-01-31.zip", "BTCUSDT", What::Bars(Timeframe::M15)),
            ("ETHUSDT-1m.csv.gz", "ETHUSDT", What::Bars(Timeframe::M1)),
            ("BTCUSDT_240628-aggTrades-2024-02-29.zip", "BTCUSDT_240628", What::Trades),
            ("BTCUSDT-trades-2024-02-29.csv", "BTCUSDT", What::Trades),
            ("BTCUSDT-bookTicker-2024-02-29.zip", "BTCUSDT", What::Tickers),
            ("BTCUSDT-fundingRate-2024-02.zip", "BTCUSDT", What::Funding),
        ] {
            let piece: Piece = name.parse().unwrap();
            assert_eq!((piece.symbol.as_str(), piece.what), (symbol, what), "{name}");
        }
        for odd in ["BTCUSDT.zip", "BTCUSDT-2024-01.zip", "-1m-2024-01.zip", "", "BTCUSDT-30m.zip"]
        {
            let said = odd.parse::<Piece>().unwrap_err();
            assert!(said.contains("no name of the archive's"), "{odd}: {said}");
        }
        let marks = "monthly/markPriceKlines/BTCUSDT/1m/BTCUSDT-1m-2024-01.zip".parse::<Piece>();
        assert!(marks.unwrap_err().contains("below markPriceKlines are not of trades"));
    }
}
