use figure::{Page, Table};

use super::clip::{EMBEDDED_S, clips};
use super::{Compared, Pair};
use crate::Error;
use crate::charts::{self, Line};
use crate::track::Heard;

/// The blind test: its elements, and the script that moves them.
const MARKUP: &str = include_str!("abx.html");
const SCRIPT: &str = include_str!("abx.js");

pub(super) fn build(
    compared: &Compared,
    first: &Heard,
    second: &Heard,
    pair: &Pair,
) -> Result<Page, Error> {
    let clips = clips(pair, compared.gain_db)?;
    let (figures, found) = compared.lines();
    let (a, b) = (Line { heard: first, name: "A" }, Line { heard: second, name: "B" });
    let subtitle = format!("A: {}. B: {}.", compared.a.file, compared.b.file);
    let part = if clips.length_s < compared.overlap_seconds {
        format!(
            "The page holds {EMBEDDED_S:.0} s, the loudest part of A, from {:.0} s on.",
            clips.from_s
        )
    } else {
        "The page holds all that both have.".to_owned()
    };
    let data = serde_json::json!({ "a": clips.a, "b": clips.b }).to_string();
    let page = Page::new("A beside B", &subtitle)
        .heading("Blind test")
        .text(&format!("Both are aligned to the frame and equally loud. {part}"))
        .live(MARKUP, &data, SCRIPT)
        .heading("What was found");
    let page = found.iter().fold(page, |page, line| page.text(&format!("{line}.")));
    let figures = figures.into_iter().fold(Table::new(&["", "A", "B"]), Table::row);
    Ok(page
        .heading("Spectrum")
        .chart(&charts::spectrum(&[a, b]), "Third octaves of each as it is: A grey, B in colour.")
        .chart(&charts::difference(first, second), "B less A, both at the same loudness.")
        .heading("Loudness")
        .chart(
            &charts::loudness(&[a, b], None),
            "Short-term loudness (3 s) of each as it is: A grey, B in colour.",
        )
        .heading("Figures")
        .table(&figures))
}
