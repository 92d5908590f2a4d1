//! What a client says it can play: the JSON body of `getTranscodeDecision`.

use serde::Deserialize;

use super::{Code, Failure};

/// The most of anything a client lists. Browsers and receivers list a dozen.
const MOST: usize = 256;

/// What a client can play. Rates are in bits a second.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientInfo {
    /// The client's own name.
    pub name: String,
    /// What it runs on.
    pub platform: String,
    /// The most a file may take that is played as it is.
    #[serde(default)]
    pub max_audio_bitrate: Option<u32>,
    /// The most a stream may take that is made for it.
    #[serde(default)]
    pub max_transcoding_audio_bitrate: Option<u32>,
    /// Files it plays as they are.
    #[serde(default)]
    pub direct_play_profiles: Vec<DirectPlay>,
    /// Streams it plays, the best first.
    #[serde(default)]
    pub transcoding_profiles: Vec<Transcoding>,
    /// What a codec must keep to.
    #[serde(default)]
    pub codec_profiles: Vec<CodecProfile>,
}

/// Files that are played as they are. An empty list is anything.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectPlay {
    /// "flac", "mp4".
    pub containers: Vec<String>,
    /// "flac", "aac".
    pub audio_codecs: Vec<String>,
    /// How it fetches them.
    pub protocols: Vec<Protocol>,
    /// The most channels.
    #[serde(default)]
    pub max_audio_channels: Option<u32>,
}

/// A stream that can be played.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transcoding {
    /// "ogg".
    pub container: String,
    /// "opus".
    pub audio_codec: String,
    /// How it fetches it.
    pub protocol: Protocol,
    /// The most channels.
    #[serde(default)]
    pub max_audio_channels: Option<u32>,
}

/// How a stream travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// As one response.
    Http,
    /// In pieces with a list of them, which this server does not do.
    Hls,
}

/// What a codec must keep to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodecProfile {
    /// The codec.
    pub name: String,
    /// All of it.
    pub limitations: Vec<Limitation>,
}

/// One thing a stream must keep to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limitation {
    /// What is compared.
    pub name: Quantity,
    /// How.
    pub comparison: Comparison,
    /// With what; the two inequalities look at the first only.
    pub values: Vec<String>,
    /// Whether a stream that does not keep to it is not played at all.
    pub required: bool,
}

/// What a limitation compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Quantity {
    /// How many channels.
    #[serde(rename = "audioChannels")]
    Channels,
    /// Bits a second.
    #[serde(rename = "audioBitrate")]
    BitRate,
    /// The codec's profile.
    #[serde(rename = "audioProfile")]
    Profile,
    /// Samples a second.
    #[serde(rename = "audioSamplerate")]
    SamplingRate,
    /// Bits a sample.
    #[serde(rename = "audioBitdepth")]
    BitDepth,
}

/// How a limitation compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Comparison {
    /// One of the values.
    Equals,
    /// None of the values.
    NotEquals,
    /// At most the first value.
    LessThanEqual,
    /// At least the first value.
    GreaterThanEqual,
}

/// Reads the body.
///
/// # Errors
/// Code 0 for what is not such a description, or lists more than anyone plays.
pub fn parse(body: &[u8]) -> Result<ClientInfo, Failure> {
    let refused = Failure::saying(Code::Generic, "The description of the client is not valid");
    let info: ClientInfo = serde_json::from_slice(body).map_err(|_| refused.clone())?;
    let lengths = [
        info.direct_play_profiles.len(),
        info.transcoding_profiles.len(),
        info.codec_profiles.len(),
        info.codec_profiles.iter().map(|profile| profile.limitations.len()).sum(),
    ];
    if lengths.into_iter().any(|length| length > MOST) {
        return Err(refused);
    }
    Ok(info)
}
