//! The sound of one epoch, cut into pieces, with what is told of it in between.

use std::ops::Range;

use super::Mark;
use super::live::Out;
use super::message::{Begun, Event, Format};
use super::piece::{DISCONTINUITY, LAST, Label, encode};
use super::render::{Render, Told};
use crate::ids::Id;

/// The sound of an epoch.
pub(super) struct Voice<'a> {
    pub(super) render: Render<'a>,
    pub(super) epoch: u32,
    format: Format,
    /// The next piece.
    number: u32,
    place: usize,
    is_first: bool,
    re: Option<String>,
    /// Tracks that were told of and are not written down.
    pub(super) marks: Vec<Mark>,
}

impl<'a> Voice<'a> {
    /// What is told first answers the message with this id.
    pub(super) fn new(render: Render<'a>, epoch: u32, format: Format, re: Option<String>) -> Self {
        Self { render, epoch, format, number: 0, place: 0, is_first: true, re, marks: Vec::new() }
    }

    /// Where a track begins in a block that was told of, other than the one the epoch begins with.
    pub(super) fn next_track(&self, told: &[Told]) -> Option<u64> {
        let mut begun = told.iter().filter_map(|told| match told {
            Told::Began(mark, _) => Some(mark.frame),
            Told::Plan { .. } | Told::Failed { .. } => None,
        });
        begun.nth(usize::from(self.is_first))
    }

    pub(super) fn next(&mut self, planes: &mut [Vec<f32>]) -> (usize, Vec<Told>) {
        match planes {
            [left, right] => self.render.next([left, right]),
            [left, right, came_left, came_right] => {
                self.render.next([left, right, came_left, came_right])
            }
            _ => (0, Vec::new()),
        }
    }

    /// Cuts a block where tracks begin; what is told of a frame goes before its piece.
    pub(super) fn pieces(
        &mut self,
        from: u64,
        planes: &[Vec<f32>],
        length: usize,
        told: Vec<Told>,
        is_last: bool,
    ) -> Vec<Out> {
        let (mut out, mut at) = (Vec::new(), 0);
        for told in told {
            if let Told::Began(mark, _) = &told {
                let begins = usize::try_from(mark.frame - from).unwrap_or(length).min(length);
                self.piece(&mut out, from, planes, at..begins, 0);
                at = begins;
                if mark.frame > from + length as u64 || (begins == length && is_last) {
                    continue;
                }
            }
            out.push(Out::Event(self.event(told)));
        }
        let flags = if is_last { LAST } else { 0 };
        self.piece(&mut out, from, planes, at..length, flags);
        out
    }

    fn piece(
        &mut self,
        out: &mut Vec<Out>,
        from: u64,
        planes: &[Vec<f32>],
        span: Range<usize>,
        flags: u8,
    ) {
        if span.is_empty() && flags & LAST == 0 {
            return;
        }
        let first = if self.number == 0 { DISCONTINUITY } else { 0 };
        let label = Label {
            epoch: self.epoch,
            number: self.number,
            first_frame: from + span.start as u64,
            place: self.place as u32,
            flags: flags | first,
        };
        self.number += 1;
        let planes: Vec<&[f32]> = planes.iter().map(|plane| &plane[span.clone()]).collect();
        out.push(Out::Piece(self.epoch, encode(label, self.format, &planes)));
    }

    fn event(&mut self, told: Told) -> Event {
        let epoch = self.epoch;
        match told {
            Told::Began(mark, length) => {
                let Mark { frame, track, place, at, .. } = mark;
                self.place = place;
                self.marks.push(mark);
                let begun = Begun { epoch, frame, place, track: Id(track), at, length };
                if std::mem::take(&mut self.is_first) {
                    return Event::Started { re: self.re.take(), begun };
                }
                Event::Boundary(begun)
            }
            Told::Plan { place, frame, mastered } => {
                let enhance = mastered.enhancement().map(Into::into);
                let (state, album) = (mastered.stage, mastered.by_album);
                Event::Plan { epoch, place, frame, state, album, enhance }
            }
            Told::Failed { place, code } => code.event(Some(place), Some(epoch)),
        }
    }
}
