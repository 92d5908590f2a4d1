//! The side of sound: one dense song, its meters, limiters, masters and renderers.

mod chain;
mod limiter;
mod master;
mod matching;
mod meter;
mod programme;
mod render;
mod song;
mod whole;

use std::path::Path;

use anyhow::Result;

use super::Wanted;
use super::peer::Peer;
use programme::Programme;

/// The tables of the contests that are wanted.
pub(super) fn tables(wanted: &Wanted, folder: &Path) -> Result<Vec<String>> {
    let titles = [
        meter::TITLE,
        whole::TITLE,
        limiter::TITLE,
        chain::TITLE,
        master::TITLE,
        matching::TITLE,
        render::TITLE,
    ];
    let titles: Vec<&str> = titles.into_iter().filter(|title| wanted.names(title)).collect();
    if titles.is_empty() {
        return Ok(Vec::new());
    }
    let (ffmpeg, fluidsynth) = (Peer::ffmpeg(), Peer::fluidsynth());
    let [matchering, board, librosa] = ["matchering", "pedalboard", "librosa"].map(Peer::sound);
    let (ffmpeg, matchering) = (ffmpeg.as_ref(), matchering.as_ref());
    super::progress("the programme");
    let song = song::song()?;
    let programme = Programme::of(&song, folder)?;
    let table = |title: &str| {
        let contest = match title {
            meter::TITLE => meter::contest(&programme, ffmpeg)?,
            whole::TITLE => whole::contest(&programme, ffmpeg, librosa.as_ref(), folder)?,
            limiter::TITLE => limiter::contest(&programme, ffmpeg, folder),
            chain::TITLE => chain::contest(&programme, ffmpeg, board.as_ref(), folder),
            master::TITLE => master::contest(&programme, ffmpeg, matchering, folder)?,
            matching::TITLE => matching::contest(&programme, matchering, folder)?,
            _ => render::contest(&song, fluidsynth.as_ref(), folder)?,
        };
        contest.run(wanted.runs)
    };
    titles.into_iter().map(table).collect()
}
