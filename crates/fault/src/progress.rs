/// Listens to long work. Called from any thread, a few times a second at most per stage.
pub trait Progress: Send + Sync {
    /// A stage, named for people, begins.
    fn stage(&self, name: &str);

    /// A share of the current stage is done, 0 to 1.
    fn advance(&self, share: f64);
}

/// Listens and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _name: &str) {}
    fn advance(&self, _share: f64) {}
}
