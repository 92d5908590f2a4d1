use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// Allocations of this thread. Each test runs on a thread of its own, so that tests do not
    /// count each other.
    pub static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    /// Bytes this thread holds: less than none where it gives back what another took.
    pub static HELD: Cell<i64> = const { Cell::new(0) };
    /// The most bytes it held at once, or since a test has set this.
    pub static MOST_HELD: Cell<i64> = const { Cell::new(0) };
}

/// Notes that memory of one size became memory of another; none is size 0.
fn count(old: usize, new: usize) {
    // A thread that ends has no counters any more, and nobody who would read them.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + new as i64 - old as i64);
        MOST_HELD.try_with(|most| most.set(most.get().max(held.get())))
    });
    if new > 0 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
    }
}

/// The system's allocator, which counts in [`ALLOCATIONS`], [`HELD`] and [`MOST_HELD`] where a test
/// makes it the global one.
#[derive(Debug)]
pub struct Counting;

#[expect(unsafe_code, reason = "an allocator that counts passes everything on to the system's")]
// SAFETY: every call goes to the system's allocator unchanged; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(0, layout.size());
        // SAFETY: the caller's promises are the ones `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(layout.size(), size);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
