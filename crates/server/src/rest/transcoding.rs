//! In which form a track is sent.

use audio::SampleRate;
use audio_file::{BitRate, Depth, OpusBitRate, Target};
use library::model::Track;

use super::call::{Answered, Call};
use crate::subsonic::client_info::{self, ClientInfo, Comparison, Limitation, Protocol, Quantity};
use crate::subsonic::views::{Hertz, Stream, TranscodeDecision};
use crate::subsonic::{Code, Failure, Parameters, elements};

/// Where a part of a track is wanted and nothing else is said: all of its sound.
pub(super) const WHOLE: Target = Target::Flac { depth: Depth::Sixteen };
/// MP3 at the rate nobody tells from the original, where nothing else is said.
const USUAL_KBPS: u32 = 256;
/// Below this music is not to be recognised.
const LEAST_KBPS: u32 = 32;
/// What a client says of the form it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    format: Option<Form>,
    max_kbps: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Raw,
    Mp3,
    Flac,
    Wav,
    Opus,
}

impl Wish {
    pub(super) fn of(parameters: &Parameters) -> Result<Self, Failure> {
        const FORMS: [(&str, Form); 5] = [
            ("raw", Form::Raw),
            ("mp3", Form::Mp3),
            ("flac", Form::Flac),
            ("wav", Form::Wav),
            ("opus", Form::Opus),
        ];
        let max = parameters.clamped("maxBitRate", 0..=100_000)?.unwrap_or(0);
        Ok(Self {
            // A format we do not write is no reason not to play: the file as it is will do.
            format: parameters.choice("format", &FORMS).unwrap_or(None),
            max_kbps: u32::try_from(max).ok().filter(|kbps| *kbps > 0),
        })
    }

    /// What the track is to become; none where it is sent as it is.
    pub(super) fn target(self, track: &Track) -> Result<Option<Target>, Failure> {
        let is_over = self.max_kbps.is_some_and(|max| track.bitrate_kbps.is_none_or(|r| r > max));
        let is = |suffix: &str| track.suffix == suffix;
        Ok(match self.format {
            Some(Form::Raw) => None,
            Some(Form::Mp3) if is("mp3") && !is_over => None,
            Some(Form::Mp3) => Some(mp3(self.max_kbps)?),
            Some(Form::Flac) if is("flac") => None,
            Some(Form::Flac) => Some(Target::Flac { depth: depth(track) }),
            Some(Form::Wav) if is("wav") => None,
            Some(Form::Wav) => Some(Target::Wav { depth: depth(track) }),
            Some(Form::Opus) if track.codec == "opus" && !is_over => None,
            Some(Form::Opus) => Some(opus(self.max_kbps)?),
            None if is_over => Some(mp3(self.max_kbps)?),
            None => None,
        })
    }
}

/// MP3 of at most so many kilobits a second; the least there is where even that is too much.
fn mp3(most: Option<u32>) -> Result<Target, Failure> {
    let bit_rate = BitRate::at_most(most.unwrap_or(USUAL_KBPS)).or(BitRate::at_most(LEAST_KBPS));
    let bit_rate = bit_rate.ok_or(Failure::new(Code::Generic))?;
    Ok(Target::Mp3 { bit_rate })
}

/// Opus of so many kilobits a second in the mean, by the same rule.
fn opus(most: Option<u32>) -> Result<Target, Failure> {
    let most = most.unwrap_or(OpusBitRate::USUAL.kbit_s());
    let bit_rate = OpusBitRate::at_most(most).or(OpusBitRate::at_most(LEAST_KBPS));
    let bit_rate = bit_rate.ok_or(Failure::new(Code::Generic))?;
    Ok(Target::Opus { bit_rate })
}

fn depth(track: &Track) -> Depth {
    if track.bits.is_some_and(|bits| bits > 16) { Depth::TwentyFour } else { Depth::Sixteen }
}

/// The text a decision gives a client to come back with.
fn ticket(target: Target) -> String {
    match target {
        Target::Mp3 { bit_rate } => format!("mp3-{}", bit_rate.kbit_s()),
        Target::Opus { bit_rate } => format!("opus-{}", bit_rate.kbit_s()),
        Target::Flac { depth: Depth::TwentyFour } => "flac-24".to_owned(),
        Target::Flac { .. } => "flac-16".to_owned(),
        Target::Wav { depth: Depth::TwentyFour } => "wav-24".to_owned(),
        Target::Wav { .. } => "wav-16".to_owned(),
    }
}

/// What such a text means.
pub(super) fn target(ticket: &str) -> Result<Target, Failure> {
    let unknown = Failure::invalid("transcodeParams");
    let (form, figure) = ticket.split_once('-').ok_or(unknown.clone())?;
    let depth = match figure {
        "16" => Some(Depth::Sixteen),
        "24" => Some(Depth::TwentyFour),
        _ => None,
    };
    match (form, depth) {
        ("flac", Some(depth)) => Ok(Target::Flac { depth }),
        ("wav", Some(depth)) => Ok(Target::Wav { depth }),
        ("mp3", _) => {
            let bit_rate = figure.parse().ok().and_then(|kbps| BitRate::new(kbps).ok());
            Ok(Target::Mp3 { bit_rate: bit_rate.ok_or(unknown)? })
        }
        ("opus", _) => {
            let bit_rate = figure.parse().ok().and_then(|kbps| OpusBitRate::new(kbps).ok());
            Ok(Target::Opus { bit_rate: bit_rate.ok_or(unknown)? })
        }
        _ => Err(unknown),
    }
}

pub(super) fn answer(method: &str, call: &Call) -> Answered {
    (method == "getTranscodeDecision").then(|| {
        let kind = call.parameters.required("mediaType")?;
        if kind != "song" {
            return Err(Failure::new(Code::NotFound));
        }
        let track = call.house.library.track(call.who.user, call.id("mediaId")?)?;
        let client = client_info::parse(&call.json)?;
        Ok(elements::transcode_decision(&decide(&track, &client)))
    })
}

/// Whether the client plays the file as it is, and what it is made into otherwise: the first of the
/// forms it names that we write.
fn decide(track: &Track, client: &ClientInfo) -> TranscodeDecision {
    let reasons = against(track, client);
    let source = Some(Stream {
        container: container(&track.suffix).to_owned(),
        codec: track.codec.clone(),
        channels: track.channels.map(u32::from),
        bit_rate: track.bitrate_kbps.map(|kbps| kbps.saturating_mul(1_000)),
        profile: None,
        sampling_rate: track.rate_hz.map(Hertz),
        bit_depth: track.bits.map(u32::from),
    });
    if reasons.is_empty() {
        return TranscodeDecision { can_direct_play: true, source, ..TranscodeDecision::default() };
    }
    let target = client.transcoding_profiles.iter().find_map(|profile| {
        let form = profile.container.to_ascii_lowercase();
        let most = client.max_transcoding_audio_bitrate.map(|bits| bits / 1_000);
        match form.as_str() {
            _ if profile.protocol != Protocol::Http => None,
            "mp3" => mp3(most).ok(),
            "flac" => Some(Target::Flac { depth: depth(track) }),
            "wav" => Some(Target::Wav { depth: depth(track) }),
            "ogg" | "opus" if profile.audio_codec.eq_ignore_ascii_case("opus") => opus(most).ok(),
            _ => None,
        }
    });
    let error_reason = target.is_none().then_some("No format that both sides know");
    TranscodeDecision {
        can_direct_play: false,
        can_transcode: target.is_some(),
        transcode_reasons: reasons,
        error_reason,
        transcode_params: target.map(ticket),
        source,
        transcoded: target.map(|target| transcoded(target, track)),
    }
}

fn transcoded(target: Target, track: &Track) -> Stream {
    let (container, codec, bits, kbps) = match target {
        Target::Mp3 { bit_rate } => ("mp3", "mp3", None, Some(bit_rate.kbit_s())),
        Target::Flac { depth } => ("flac", "flac", Some(depth), None),
        Target::Wav { depth } => ("wav", "wav", Some(depth), None),
        Target::Opus { bit_rate } => ("ogg", "opus", None, Some(bit_rate.kbit_s())),
    };
    let channels = track.channels.map(u32::from);
    Stream {
        container: container.to_owned(),
        codec: codec.to_owned(),
        channels: if kbps.is_some() { channels.map(|n| n.min(2)) } else { channels },
        bit_rate: kbps.map(|kbps| kbps * 1_000),
        profile: None,
        sampling_rate: target.only_rate().map(SampleRate::hz).or(track.rate_hz).map(Hertz),
        bit_depth: bits.map(|depth| if depth == Depth::TwentyFour { 24 } else { 16 }),
    }
}

fn container(suffix: &str) -> &str {
    match suffix {
        "oga" | "opus" => "ogg",
        "m4a" | "m4b" | "alac" => "mp4",
        other => other,
    }
}

/// Why the client cannot play the file as it is; empty where it can.
fn against(track: &Track, client: &ClientInfo) -> Vec<&'static str> {
    let named = |list: &[String], name: &str| {
        list.is_empty() || list.iter().any(|one| one == "*" || one.eq_ignore_ascii_case(name))
    };
    let container = container(&track.suffix);
    let has = |container_only: bool| {
        client.direct_play_profiles.iter().any(|profile| {
            let holds =
                named(&profile.containers, container) || named(&profile.containers, &track.suffix);
            let is_http =
                profile.protocols.is_empty() || profile.protocols.contains(&Protocol::Http);
            let channels = profile.max_audio_channels.filter(|most| *most > 0);
            let fits =
                channels.is_none_or(|most| track.channels.is_none_or(|n| u32::from(n) <= most));
            holds
                && (container_only
                    || (is_http && fits && named(&profile.audio_codecs, &track.codec)))
        })
    };
    let mut reasons = Vec::new();
    if !has(true) {
        reasons.push("container not supported");
    } else if !has(false) {
        reasons.push("audio codec not supported");
    }
    let max = client.max_audio_bitrate.filter(|max| *max > 0);
    let rate = track.bitrate_kbps.map(|kbps| kbps.saturating_mul(1_000));
    if max.is_some_and(|max| rate.is_none_or(|rate| rate > max)) {
        reasons.push("audio bitrate not supported");
    }
    let mut profiles = client.codec_profiles.iter();
    let limited = profiles.any(|profile| {
        profile.name.eq_ignore_ascii_case(&track.codec)
            && profile.limitations.iter().any(|l| l.required && !holds(l, track))
    });
    if limited {
        reasons.push("a limit of the client is passed");
    }
    reasons
}

/// Whether a track keeps to a limit; what is not known of it keeps to none.
fn holds(limit: &Limitation, track: &Track) -> bool {
    let known = match limit.name {
        Quantity::Channels => track.channels.map(u64::from),
        Quantity::BitRate => track.bitrate_kbps.map(|kbps| u64::from(kbps) * 1_000),
        Quantity::SamplingRate => track.rate_hz.map(u64::from),
        Quantity::BitDepth => track.bits.map(u64::from),
        Quantity::Profile => return true,
    };
    let Some(known) = known else { return false };
    let mut values = limit.values.iter().filter_map(|value| value.parse::<u64>().ok());
    match limit.comparison {
        Comparison::Equals => values.any(|value| value == known),
        Comparison::NotEquals => values.all(|value| value != known),
        Comparison::LessThanEqual => values.all(|value| known <= value),
        Comparison::GreaterThanEqual => values.all(|value| known >= value),
    }
}
