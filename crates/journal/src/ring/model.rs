//! Every interleaving, and every order the memory model allows, on a ring of eight slots (with
//! fewer, half a ring behind the writer is not out of its reach):
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p journal --release --lib ring::model
//! ```

use loom::sync::Arc;
use loom::thread;

use super::atomics::AtomicU64;
use super::slots::{Cursor, Part, Place, STRIDE, Shared};

const SLOTS: usize = 8;
/// Switches forced on the threads beyond those they make themselves: all that has ever found an
/// error here. `LOOM_MAX_PREEMPTIONS=99` tries all there are, in some minutes.
const PREEMPTIONS: usize = 3;
/// Not zero, as where a journal goes on.
const FIRST: u64 = 5;

struct Ring {
    written: AtomicU64,
    words: Vec<AtomicU64>,
}

impl Ring {
    fn new() -> Self {
        let words = (0..SLOTS * STRIDE).map(|_| AtomicU64::new(0)).collect();
        Self { written: AtomicU64::new(0), words }
    }

    fn shared(&self) -> Shared<'_> {
        Shared { written: &self.written, words: &self.words, first: FIRST }
    }

    /// Publishes records whose parts tell their sequence and which they are.
    fn publish(&self, place: &mut Place, widths: &[usize]) {
        for width in widths {
            let sequence = place.sequence;
            let parts = [[sequence * 10; 2], [sequence * 10 + 1; 2]];
            self.shared().publish(place, &parts[..*width]);
        }
    }
}

/// Polls so often, and checks that what comes is whole, in order, and what it was when written.
fn poll(ring: &Ring, cursor: &mut Cursor, begin: u64, times: usize) {
    let mut out = [Part::default(); 2];
    for _ in 0..times {
        let before = *cursor;
        let polled = cursor.poll(ring.shared(), &mut out);
        assert!(cursor.lost >= before.lost && cursor.place.position >= before.place.position);
        let Some(parts) = polled else {
            assert_eq!(cursor.read, before.read);
            continue;
        };
        let sequence = cursor.place.sequence - 1;
        assert!(sequence >= before.place.sequence);
        for (at, part) in out[..parts].iter().enumerate() {
            assert_eq!(*part, [sequence * 10 + at as u64; 2], "torn");
        }
        assert_eq!(begin + cursor.read + cursor.lost, cursor.place.sequence);
    }
}

/// A writer that has written `before` goes on with `during` while a reader polls; in the end the
/// reader takes what is left and its count is the writer's.
fn race(before: &'static [usize], during: &'static [usize], polls: usize, starts: Starts) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(PREEMPTIONS));
    builder.check(move || {
        let ring = Arc::new(Ring::new());
        let mut place = Place { position: 0, sequence: FIRST };
        let mut cursor = Cursor { place, read: 0, lost: 0 };
        ring.publish(&mut place, before);
        let writer = {
            let ring = Arc::clone(&ring);
            thread::spawn(move || {
                ring.publish(&mut place, during);
                place
            })
        };
        let begin = match starts {
            Starts::First => Some(FIRST),
            Starts::Found(find) => find(&ring).map(|found| {
                cursor.place = found;
                found.sequence
            }),
        };
        if let Some(begin) = begin {
            poll(&ring, &mut cursor, begin, polls);
            let place = writer.join().unwrap();
            poll(&ring, &mut cursor, begin, SLOTS + 1);
            assert_eq!(cursor.place, place);
        }
    });
}

#[derive(Clone, Copy)]
enum Starts {
    First,
    Found(fn(&Ring) -> Option<Place>),
}

#[test]
fn a_reader_that_keeps_up_loses_nothing() {
    race(&[], &[1, 1], 2, Starts::First);
    race(&[1, 1], &[1, 1], 3, Starts::First);
}

#[test]
fn a_record_of_two_slots_is_never_torn() {
    race(&[], &[2], 2, Starts::First);
    // Across the end of the ring.
    race(&[2, 2, 2, 1], &[2], 2, Starts::First);
}

#[test]
fn a_lapped_reader_counts_what_it_lost() {
    race(&[1; 8], &[1], 2, Starts::First);
    race(&[1; 8], &[1, 1], 1, Starts::First);
    race(&[1; 7], &[2], 1, Starts::First);
    race(&[2, 2, 2, 2], &[2], 1, Starts::First);
    race(&[2, 2, 2, 1], &[1, 2], 1, Starts::First);
    // Once round the ring between two polls, by a reader whose view of the cursor is old.
    race(&[1], &[1, 2, 2, 2, 2], 2, Starts::First);
}

#[test]
fn a_reader_attaches_while_the_writer_goes_on() {
    race(&[1, 2], &[1], 1, Starts::Found(|ring| ring.shared().latest()));
    race(&[1; 9], &[2], 1, Starts::Found(|ring| ring.shared().latest()));
    race(&[1; 7], &[1, 1], 1, Starts::Found(|ring| ring.shared().oldest()));
    race(&[2, 2, 2, 2], &[1, 1], 1, Starts::Found(|ring| ring.shared().oldest()));
    // So fast that the places looked at are overwritten meanwhile.
    race(&[1; 9], &[2, 2, 2], 1, Starts::Found(|ring| ring.shared().oldest()));
    race(&[1; 9], &[2, 2, 2], 1, Starts::Found(|ring| ring.shared().at(FIRST + 7)));
    race(&[1; 8], &[1, 1], 1, Starts::Found(|ring| ring.shared().at(FIRST + 5)));
}
