/// A list of fixed room, oldest first: one more than fits, and the oldest is forgotten.
#[derive(Debug, Clone)]
pub(super) struct Kept<T> {
    items: Vec<T>,
    room: usize,
    forgotten: u64,
}

impl<T> Kept<T> {
    pub(super) fn new(room: usize) -> Self {
        Self { items: Vec::with_capacity(room), room, forgotten: 0 }
    }

    pub(super) fn push(&mut self, item: T) {
        if self.items.len() == self.room {
            self.items.remove(0);
            self.forgotten += 1;
        }
        self.items.push(item);
    }

    /// Takes the newest out again.
    pub(super) fn pop(&mut self) -> Option<T> {
        self.items.pop()
    }

    pub(super) fn retain_mut(&mut self, keep: impl FnMut(&mut T) -> bool) {
        self.items.retain_mut(keep);
    }

    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    pub(super) fn items_mut(&mut self) -> &mut [T] {
        &mut self.items
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}
