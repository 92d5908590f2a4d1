use super::Hertz;

/// How a client is to be served.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TranscodeDecision {
    /// The file plays as it is.
    pub can_direct_play: bool,
    /// There is a way to make a stream that plays.
    pub can_transcode: bool,
    /// Why the file does not play as it is, in words of the protocol.
    pub transcode_reasons: Vec<&'static str>,
    /// Why nothing plays.
    pub error_reason: Option<&'static str>,
    /// What the client gives back to get the stream; opaque to it.
    pub transcode_params: Option<String>,
    /// The file.
    pub source: Option<Stream>,
    /// The stream.
    pub transcoded: Option<Stream>,
}

/// What a stream is made of. It always travels over HTTP as one response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stream {
    /// "flac", "ogg", "mp4".
    pub container: String,
    /// "flac", "opus", "aac".
    pub codec: String,
    /// How many channels.
    pub channels: Option<u32>,
    /// In bits a second.
    pub bit_rate: Option<u32>,
    /// The codec's profile, as "LC".
    pub profile: Option<String>,
    /// Samples a second.
    pub sampling_rate: Option<Hertz>,
    /// Bits a sample.
    pub bit_depth: Option<u32>,
}
