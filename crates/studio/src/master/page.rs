use figure::{Page, Table, Verdict};

use super::{Delivered, Mastered, words};
use crate::charts::{self, Line};
use crate::verdict;

/// Before and after, in pictures and words.
pub(super) fn build(delivered: &Delivered) -> Page {
    let m = &delivered.mastered;
    let (before, after) = (
        Line { heard: &delivered.before, name: "before" },
        Line { heard: &delivered.after, name: "after" },
    );
    let subtitle = format!(
        "{}, intensity {:.0} %, to {}: {:.1} LUFS under {:.1} dBTP. Triad {}, mastering {}, analysis {}.",
        m.treatment,
        m.intensity * 100.0,
        m.target,
        m.target_lufs,
        m.ceiling_dbtp,
        m.version,
        m.mastering_revision,
        m.analysis_revision
    );
    let verdict = match verdict::summary(&m.checks) {
        Ok(()) => Verdict::Pass(format!("{} checks on the file that was written", m.checks.len())),
        Err(reason) => Verdict::Fail(match &m.held_back {
            Some(why) => format!("{reason}; {why}"),
            None => reason,
        }),
    };
    let target = m.chain.is_some().then_some(m.target_lufs);
    let page = Page::new(&m.output, &subtitle).verdict(&verdict).heading("What was done, and why");
    let page = reasons(page, m)
        .heading("Figures")
        .table(&figures(m))
        .heading("Waveform")
        .chart(&charts::waveform(&before), "Before.")
        .chart(&charts::waveform(&after), "After.")
        .heading("Loudness")
        .chart(
            &charts::loudness(&[before, after], target),
            "Short-term loudness (3 s): before grey, after in colour.",
        )
        .heading("Spectrum")
        .chart(
            &charts::spectrum(&[before, after]),
            "Third octaves over the whole length: before grey, after in colour.",
        )
        .chart(
            &charts::difference(&delivered.before, &delivered.after),
            "What changed in tone: after less before, both at the same loudness.",
        );
    path(page.heading("Signal path"), m).heading("Checks").table(&verdict::table(&m.checks))
}

fn reasons(page: Page, m: &Mastered) -> Page {
    let table = m.reasons.iter().fold(
        Table::new(&["Stage", "measured", "aimed at", "done", "why"]),
        |table, r| {
            let cells = [&r.stage, &r.measured, &r.aimed, &r.done, &r.why];
            table.row(cells.map(Clone::clone))
        },
    );
    let mut page = page.table(&table);
    if m.chain.is_none() {
        page = page.text("At intensity 0 the sound was left as it came.");
    } else {
        page = page.text(&format!(
            "Gain {:+.2} dB; the limiter took off at most {:.2} dB, {:.2} dB on average.",
            m.gain_db, -m.limiting_db, -m.mean_limiting_db
        ));
    }
    if let Some(channels) = m.mixed_down_from {
        page = page.text(&format!("{channels} channels were mixed to two by ITU-R BS.775."));
    }
    if let Some(album) = &m.album {
        page = page.text(&format!(
            "One of {} tracks of an album that was mastered as one sound: the same chain and gain \
             for all.",
            album.tracks
        ));
    }
    page
}

fn figures(m: &Mastered) -> Table {
    let levels = m.before.lines().into_iter().zip(m.after.lines());
    let table = levels.fold(Table::new(&["", "before", "after"]), |table, ((name, a), (_, b))| {
        table.row([name.to_owned(), a, b])
    });
    let character = |of: &crate::character::Character| {
        let groups = of.groups().into_iter().filter(|(title, _)| *title != "Fingerprint");
        groups.flat_map(|(_, lines)| lines).collect::<Vec<_>>()
    };
    // A group that only one of them has would shift the rows: names are matched.
    let after = character(&m.character_after);
    character(&m.character_before).into_iter().fold(table, |table, (name, a)| {
        let b = after.iter().find(|(other, _)| *other == name);
        table.row([name, a, b.map_or_else(|| "-".to_owned(), |(_, value)| value.clone())])
    })
}

fn path(page: Page, m: &Mastered) -> Page {
    let Some(chain) = &m.chain else { return page.text("Nothing: every stage was bypassed.") };
    let table = words::path(chain)
        .into_iter()
        .fold(Table::new(&["Stage", "settings"]), |table, (stage, settings)| {
            table.row([stage.to_owned(), settings])
        });
    page.table(&table)
}
