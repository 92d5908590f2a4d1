use serde::Deserialize;

use super::{Contract, PriceBand, QuantityLimits, Status};
use crate::{Error, Fixed8, Lots, Notional, Refusal, Step};

/// The venue's list, read.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The contracts that can be traded exactly, in the venue's order.
    pub contracts: Vec<Contract>,
    /// Why each of the others cannot. One odd contract does not take the market away.
    pub refused: Vec<Error>,
}

/// Reads the answer of `GET /fapi/v1/exchangeInfo`. Unknown fields and unknown filters are
/// passed over.
///
/// # Errors
/// [`Error::Listing`] when the answer is no list of contracts at all.
pub fn read_listing(json: &[u8]) -> Result<Listing, Error> {
    let answer: Answer =
        serde_json::from_slice(json).map_err(|error| Error::Listing(error.to_string()))?;
    let mut listing = Listing::default();
    for entry in answer.symbols {
        match entry.contract() {
            Ok(contract) => listing.contracts.push(contract),
            Err(error) => listing.refused.push(error),
        }
    }
    Ok(listing)
}

#[derive(Deserialize)]
struct Answer {
    symbols: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    symbol: String,
    #[serde(default)]
    contract_type: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    quote_asset: String,
    #[serde(default)]
    filters: Vec<Filter>,
}

/// All fields of all filters: which are there depends on the type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    filter_type: String,
    min_price: Option<String>,
    max_price: Option<String>,
    tick_size: Option<String>,
    min_qty: Option<String>,
    max_qty: Option<String>,
    step_size: Option<String>,
    notional: Option<String>,
    multiplier_up: Option<String>,
    multiplier_down: Option<String>,
}

impl Entry {
    fn contract(&self) -> Result<Contract, Error> {
        let price = self.filter("PRICE_FILTER")?;
        let lots = self.filter("LOT_SIZE")?;
        let tick = self.number("tickSize", &price.tick_size, Step::parse)?;
        let lot = self.number("stepSize", &lots.step_size, Step::parse)?;
        let least = self.filter("MIN_NOTIONAL")?;
        let contract = Contract {
            name: self.symbol.clone(),
            kind: self.contract_type.clone(),
            quote: self.quote_asset.clone(),
            status: if self.status == "TRADING" { Status::Trading } else { Status::Closed },
            tick,
            lot,
            min_price: self.number("minPrice", &price.min_price, |text| tick.price_from(text))?,
            max_price: self.number("maxPrice", &price.max_price, |text| tick.price_up_to(text))?,
            limit: self.quantities(lots, lot)?,
            market: self.quantities(self.filter("MARKET_LOT_SIZE")?, lot)?,
            min_notional: self.number("notional", &least.notional, Notional::parse)?,
            band: self.band()?,
        };
        contract.check()?;
        Ok(contract)
    }

    fn quantities(&self, filter: &Filter, lot: Step) -> Result<QuantityLimits, Error> {
        let quantity = |text: &[u8]| lot.quantity(text);
        Ok(QuantityLimits {
            // Some market filters say 0: no limit of their own.
            min: self
                .number("minQty", &filter.min_qty, |text| lot.quantity_or_zero(text))?
                .max(Lots(1)),
            max: self.number("maxQty", &filter.max_qty, quantity)?,
            step: self.number("stepSize", &filter.step_size, quantity)?,
        })
    }

    fn band(&self) -> Result<Option<PriceBand>, Error> {
        let Ok(filter) = self.filter("PERCENT_PRICE") else { return Ok(None) };
        Ok(Some(PriceBand {
            up: self.number("multiplierUp", &filter.multiplier_up, Fixed8::parse)?,
            down: self.number("multiplierDown", &filter.multiplier_down, Fixed8::parse)?,
        }))
    }

    fn filter(&self, field: &'static str) -> Result<&Filter, Error> {
        self.filters
            .iter()
            .find(|filter| filter.filter_type == field)
            .ok_or_else(|| Error::Missing { symbol: self.symbol.clone(), field })
    }

    fn number<T>(
        &self,
        field: &'static str,
        text: &Option<String>,
        read: impl FnOnce(&[u8]) -> Result<T, Refusal>,
    ) -> Result<T, Error> {
        let symbol = || self.symbol.clone();
        let text = text.as_ref().ok_or_else(|| Error::Missing { symbol: symbol(), field })?;
        read(text.as_bytes()).map_err(|refusal| Error::Number {
            symbol: symbol(),
            field,
            text: text.clone(),
            refusal,
        })
    }
}
