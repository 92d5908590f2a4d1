//! Pictures and pages: charts as SVG, reports as one HTML file that needs nothing else.
//!
//! Holds: charts of lines, areas, bars and boxes over two axes, tables, and the page with the
//! look of the house. Must never know: what is drawn. All text is escaped here and nowhere else.
//!
//! Contents: [`Chart`], [`Axis`], [`Scale`], [`Layer`], [`Colour`] · [`Table`] · [`Page`] ·
//! [`escape`].

mod chart;
mod escape;
mod page;
mod table;

pub use chart::{Axis, Block, Chart, Colour, Layer, Scale};
pub use escape::escape;
pub use page::{Page, Verdict};
pub use table::Table;
