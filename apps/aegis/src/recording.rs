use std::path::PathBuf;
use std::str::FromStr;

use market::Timeframe;

use crate::piece::{Piece, What, stem};

/// A file of bars and what it holds: "BTCUSDT-1m.csv.gz", or "BTCUSDT-1m=any/path.csv".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recording {
    pub(crate) symbol: String,
    pub(crate) timeframe: Timeframe,
    pub(crate) path: PathBuf,
}

impl Recording {
    /// The file among others.
    pub(crate) fn piece(&self) -> Piece {
        let Self { symbol, timeframe, path } = self.clone();
        Piece { symbol, what: What::Bars(timeframe), path }
    }
}

impl FromStr for Recording {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) => (name.to_owned(), PathBuf::from(path)),
            None => {
                let path = PathBuf::from(text);
                (stem(&path), path)
            }
        };
        let wrong = || {
            let known: Vec<&str> = Timeframe::ALL.iter().map(|t| t.name()).collect();
            format!(
                "\"{name}\" does not say contract and length; write it as BTCUSDT-1m.csv or \
                 BTCUSDT-1m=PATH, with one of {}",
                known.join(", ")
            )
        };
        let (symbol, frame) = name.rsplit_once('-').ok_or_else(wrong)?;
        let timeframe = Timeframe::named(frame.as_bytes()).ok_or_else(wrong)?;
        if symbol.is_empty() {
            return Err(wrong());
        }
        Ok(Self { symbol: symbol.to_owned(), timeframe, path })
    }
}

/// A contract and a file of it: "BTCUSDT=PATH".
pub(crate) fn named(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(path)))
        }
        _ => Err("write it as BTCUSDT=PATH".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::Recording;
    use market::Timeframe;

    #[test]
    fn the_name_says_contract_and_length() {
        let read = |text: &str| text.parse::<Recording>();
        let plain = read("data/BTCUSDT-1m.csv.gz").unwrap();
        assert_eq!((plain.symbol.as_str(), plain.timeframe), ("BTCUSDT", Timeframe::M1));
        let named = read("ETHUSDT-15m=some/file").unwrap();
        assert_eq!((named.symbol.as_str(), named.timeframe), ("ETHUSDT", Timeframe::M15));
        assert_eq!(named.path.to_str(), Some("some/file"));
        for odd in ["BTCUSDT.csv", "BTCUSDT-7m.csv", "-1m.csv", ""] {
            assert!(read(odd).unwrap_err().contains("BTCUSDT-1m=PATH"), "{odd}");
        }
    }
}
