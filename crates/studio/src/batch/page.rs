use figure::{Page, Table, Verdict};

use super::{BatchOrder, Summary};

/// Every file in a table, the verdict over it.
pub(super) fn build(order: &BatchOrder, summary: &Summary) -> Page {
    let terms = &order.terms;
    let subtitle = format!(
        "{}, intensity {:.0} %, to {}: {:.1} LUFS under {:.1} dBTP{}",
        terms.treatment.words(),
        terms.intensity.share() * 100.0,
        terms.target.name,
        terms.target.loudness.0,
        terms.target.ceiling.0,
        if order.album { ", each folder as one album" } else { "" }
    );
    let verdict = match summary.failed {
        0 => Verdict::Pass(summary.words()),
        _ => Verdict::Fail(summary.words()),
    };
    let rows = summary.rows().into_iter();
    let table = rows
        .fold(Table::new(&["File", "before", "after", "done", ""]), |table, row| table.row(row));
    Page::new(&order.input.display().to_string(), &subtitle).verdict(&verdict).table(&table)
}
