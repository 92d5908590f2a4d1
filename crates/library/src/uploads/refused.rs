/// Why an upload is not taken, in words that may leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Send a name without folders.
    #[error("its name is no name of a file")]
    Name,
    /// Send sound.
    #[error(
        "its name ends in none of aac, aif, aifc, aiff, au, flac, m4a, m4b, mp3, mp4, oga, ogg, opus, snd, wav, wave"
    )]
    Ending,
    /// Send less.
    #[error("it has more than {most} bytes")]
    TooLarge {
        /// What is taken at most.
        most: u64,
    },
    /// Send something.
    #[error("it is empty")]
    Empty,
    /// Name it for what it is.
    #[error("it does not hold what its name ends in")]
    Signature,
    /// Send another file: in what way it does not play.
    #[error("it does not play: {0}")]
    Sound(String),
    /// Somebody else wrote in the folder meanwhile; send it again.
    #[error("another file has taken its place")]
    Swapped,
}
