use figure::{Page, Table};

use super::Described;
use crate::charts::{self, Line};
use crate::track::Heard;

pub(super) fn build(described: &Described, heard: &Heard) -> Page {
    let figures = &described.figures;
    let subtitle =
        format!("{}, {} Hz, {} channels", figures.format, figures.rate_hz, figures.channels);
    let only = Line { heard, name: "the file" };
    let page = Page::new(&described.file, &subtitle)
        .heading("Waveform")
        .chart(&charts::waveform(&only), "All channels.")
        .heading("Loudness")
        .chart(&charts::loudness(&[only], None), "Short-term loudness (3 s) over time.")
        .heading("Spectrum")
        .chart(&charts::spectrum(&[only]), "Third octaves over the whole length.");
    described.groups().into_iter().fold(page, |page, (title, lines)| {
        let table = lines
            .into_iter()
            .fold(Table::new(&[title, ""]), |table, (name, value)| table.row([name, value]));
        page.table(&table)
    })
}
