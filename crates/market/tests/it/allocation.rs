//! Nothing is allocated for an event once everything has its size.

use market::{
    Book, BookState, Conflation, Firewall, FirewallLimits, Offer, Reason, Scanner, Sequence,
    SymbolId, WIDE_BYTES, decode, encode,
};
use testkit::{ALLOCATIONS, Counting};

use crate::capture::{contracts, lines};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn nothing_is_allocated_for_an_event_after_warming_up() {
    const BTC: SymbolId = SymbolId(1);
    let Some(lines) = lines("allocations over the capture") else { return };
    let mut scanner = Scanner::new(contracts());
    let mut firewall = Firewall::new(contracts(), FirewallLimits::default());
    let mut queue = Conflation::new(3, 4_096);
    let mut book = Book::new(BTC);
    let mut events = Vec::with_capacity(4_096);
    let mut bytes = [0; WIDE_BYTES];
    // The far side of the book grows as long as the capture lasts, and doubles twice more after
    // half of it; nothing else does.
    let (warm, mut allowed) = (lines.len() / 2, 0);
    for (at, (receive, frame)) in lines.iter().enumerate() {
        if at == warm {
            ALLOCATIONS.set(0);
        }
        events.clear();
        if scanner.scan(frame, *receive, &mut events) == Err(Reason::NamelessSnapshot) {
            scanner.snapshot(BTC, frame, *receive, &mut events).unwrap();
        }
        for event in &events {
            let _ = firewall.check(event);
            let length = encode(event, &mut bytes);
            assert_eq!(decode(Sequence(0), &bytes[..length]).as_ref(), Ok(event));
            assert_ne!(queue.offer(*event), Offer::Full);
            let before = ALLOCATIONS.get();
            if let Some(event) = queue.take() {
                book.apply(&event);
            }
            allowed += if at >= warm { ALLOCATIONS.get() - before } else { 0 };
        }
    }
    assert_eq!(book.state(), BookState::Live);
    assert_eq!(ALLOCATIONS.get(), allowed);
    assert!(allowed <= 8, "{allowed}");
}
