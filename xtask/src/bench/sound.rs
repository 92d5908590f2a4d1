//! The side of sound: one dense song, its meters, limiters, masters and renderers.

mod limiter;
mod master;
mod meter;
mod programme;
mod render;
mod song;

use std::path::Path;

use anyhow::Result;

use super::Wanted;
use super::peer::Peer;
use programme::Programme;

const TITLES: [&str; 4] = [meter::TITLE, limiter::TITLE, master::TITLE, render::TITLE];

/// The tables of the contests that are wanted.
pub(super) fn tables(wanted: &Wanted, folder: &Path) -> Result<Vec<String>> {
    if !TITLES.iter().any(|title| wanted.names(title)) {
        return Ok(Vec::new());
    }
    let (ffmpeg, fluidsynth, matchering) = (Peer::ffmpeg(), Peer::fluidsynth(), Peer::matchering());
    super::progress("the programme");
    let song = song::song()?;
    let programme = Programme::of(&song, folder)?;
    let contests = [
        meter::contest(&programme, ffmpeg.as_ref())?,
        limiter::contest(&programme, ffmpeg.as_ref(), folder),
        master::contest(&programme, ffmpeg.as_ref(), matchering.as_ref(), folder)?,
        render::contest(&song, fluidsynth.as_ref(), folder)?,
    ];
    let wanted_ones = contests.into_iter().filter(|contest| wanted.names(contest.title));
    wanted_ones.map(|contest| contest.run(wanted.runs)).collect()
}
