//! What is to be done to a sound: from a name or a file to a chain, with the reasons.

use std::path::Path;

use audio::analysis::Analysis;
use audio_file::Depth;
use fault::Cancel;
use mastering::chain::{Ceiling, Loudness};
use mastering::{Chain, Decision, Preset, Target, decide, liken};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::track::Track;

/// A way to master.
#[derive(Debug, Clone, PartialEq)]
pub enum Treatment {
    /// One gain and the limiter.
    Plain,
    /// By what the track is.
    Preset(Preset),
    /// As a person wrote it down.
    Chain {
        /// The file it came from.
        name: String,
        /// The stages.
        chain: Box<Chain>,
    },
    /// Like another track.
    Reference {
        /// Its file.
        name: String,
        /// What it is.
        analysis: Box<Analysis>,
    },
}

/// Why a stage is as it is, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonLine {
    /// The stage.
    pub stage: String,
    /// What was measured.
    pub measured: String,
    /// What was aimed at.
    pub aimed: String,
    /// What is done.
    pub done: String,
    /// Why.
    pub why: String,
}

/// More than any file of stages has.
const MAX_BYTES: u64 = 1 << 18;
/// The word for [`Treatment::Plain`] where presets are named.
pub const PLAIN: &str = "plain";

impl Treatment {
    /// By the name of a preset, or "plain".
    pub fn named(name: &str) -> Result<Self, mastering::Error> {
        if name == PLAIN {
            return Ok(Treatment::Plain);
        }
        Preset::named(name).map(Treatment::Preset)
    }

    /// Reads a chain from a TOML file. A key that no stage has, a value out of its range, and a
    /// setting without effect are refused.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let refused = |reason: String| Error::ChainFile { path: path.to_owned(), reason };
        let text = ops::text(path, MAX_BYTES)?;
        let chain: Chain = toml::from_str(&text).map_err(|error| {
            let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
            let place = line.map_or_else(String::new, |line| format!("line {line}: "));
            refused(format!("{place}{}", error.message()))
        })?;
        chain.validate().map_err(|error| refused(error.to_string()))?;
        if chain == Chain::default() {
            return Err(refused("it has no stage".to_owned()));
        }
        Ok(Treatment::Chain { name: path.display().to_string(), chain: Box::new(chain) })
    }

    /// Hears the track that others shall be like.
    pub fn like(path: &Path, cancel: &Cancel) -> Result<Self, Error> {
        let heard = Track::open(path)?.hear(cancel)?;
        let name = path.display().to_string();
        Ok(Treatment::Reference { name, analysis: Box::new(heard.analysis) })
    }

    /// For people: "preset warm".
    pub fn words(&self) -> String {
        match self {
            Treatment::Plain => PLAIN.to_owned(),
            Treatment::Preset(preset) => format!("preset {}", preset.name()),
            Treatment::Chain { name, .. } => format!("chain {name}"),
            Treatment::Reference { name, .. } => format!("like {name}"),
        }
    }

    /// The file it came from, which nothing may be written over.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Treatment::Chain { name, .. } | Treatment::Reference { name, .. } => {
                Some(Path::new(name))
            }
            Treatment::Plain | Treatment::Preset(_) => None,
        }
    }

    /// All that decides the samples, on one line.
    pub(crate) fn key(&self) -> String {
        match self {
            Treatment::Chain { chain, .. } => format!("chain {chain:?}"),
            Treatment::Reference { analysis: a, .. } => {
                format!("like {:?} {:?} {:?} {:?}", a.bands, a.loudness, a.crest, a.stereo)
            }
            other => other.words(),
        }
    }

    /// Refuses a chain whose rounding a file of this depth would not hold; none is MP3.
    pub(crate) fn refuse_dither(&self, output: &Path, depth: Option<Depth>) -> Result<(), Error> {
        let Some(bits) = self.dither_bits() else { return Ok(()) };
        let accepted = match depth {
            Some(depth) if bits <= depth.bits() => return Ok(()),
            Some(depth) => format!("at most {}", depth.bits()),
            None => "none, as MP3 has no bits a sample: leave dither out".to_owned(),
        };
        Err(Error::Dither { bits, output: output.display().to_string(), accepted })
    }

    /// Whether the chain itself rounds.
    pub(crate) fn dither_bits(&self) -> Option<u32> {
        match self {
            Treatment::Chain { chain, .. } => chain.dither.map(|dither| dither.bits),
            _ => None,
        }
    }

    /// The chain for a sound, its level still to be found, and the reasons.
    pub(crate) fn decide(
        &self,
        analysis: &Analysis,
        target: &Target,
    ) -> Result<(Chain, Vec<ReasonLine>), mastering::Error> {
        Ok(match self {
            Treatment::Plain => {
                let reason = ReasonLine {
                    stage: "loudness".to_owned(),
                    measured: level(analysis),
                    aimed: aim(target),
                    done: "one gain, and the limiter at peaks".to_owned(),
                    why: "nothing else was asked for".to_owned(),
                };
                (target.on(Chain::default()), vec![reason])
            }
            Treatment::Preset(preset) => in_words(decide(analysis, *preset, target)),
            Treatment::Reference { analysis: reference, .. } => {
                in_words(liken(analysis, reference, None, target.ceiling)?)
            }
            Treatment::Chain { name, chain } => {
                let mut chain = Chain::clone(chain);
                let added = lay_on(&mut chain, target);
                let reason = ReasonLine {
                    stage: "chain".to_owned(),
                    measured: level(analysis),
                    aimed: aim(target),
                    done: format!("the stages of {name}{added}"),
                    why: "a person wrote them down".to_owned(),
                };
                (chain, vec![reason])
            }
        })
    }
}

/// A decision with its reasons for people.
pub(crate) fn in_words(decision: Decision) -> (Chain, Vec<ReasonLine>) {
    (decision.chain, decision.reasons.into_iter().map(ReasonLine::from).collect())
}

impl From<mastering::Reason> for ReasonLine {
    fn from(reason: mastering::Reason) -> Self {
        Self {
            stage: reason.stage.to_owned(),
            measured: reason.measured,
            aimed: reason.aimed,
            done: reason.done,
            why: reason.why,
        }
    }
}

/// What a file of stages leaves open is the target's; says what that was.
fn lay_on(chain: &mut Chain, target: &Target) -> &'static str {
    let open = (chain.loudness.is_none(), chain.limiter.is_none());
    chain.loudness.get_or_insert(Loudness::Lufs(target.loudness.0));
    chain.limiter.get_or_insert(Ceiling::at(target.ceiling.0));
    match open {
        (true, true) => ", and the loudness and ceiling of the target",
        (true, false) => ", and the loudness of the target",
        (false, true) => ", and the ceiling of the target",
        (false, false) => "",
    }
}

fn level(analysis: &Analysis) -> String {
    let m = &analysis.loudness;
    match (m.integrated, m.true_peak) {
        (Some(l), Some(p)) => format!("{:.1} LUFS, true peak {:.1} dBTP", l.0, p.0),
        _ => "not measurable".to_owned(),
    }
}

fn aim(target: &Target) -> String {
    format!("{:.1} LUFS under {:.1} dBTP", target.loudness.0, target.ceiling.0)
}
