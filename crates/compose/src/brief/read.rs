use score::Mode;

use super::dictionary::{Dictionary, Meaning};
use super::token::{Token, tokens};
use super::wishes::{checked_bpm, checked_duration};
use super::{
    Absent, Brief, Energy, GenreName, Instrument, MAX_SENTENCE, Mood, Understood, Wish, key,
    length, missing, negation, tempo, title,
};
use crate::Error;

impl Brief {
    /// Reads a sentence. Words that say nothing known are listed, wishes that cannot be met yet
    /// are answered; neither is an error.
    ///
    /// # Errors
    /// [`Error::EmptySentence`], [`Error::LongSentence`], and [`Error::OutOfRange`] for a length
    /// or tempo that cannot be.
    pub fn read(sentence: &str, genres: &[GenreName]) -> Result<Self, Error> {
        if sentence.trim().is_empty() {
            return Err(Error::EmptySentence);
        }
        let length = sentence.chars().count();
        if length > MAX_SENTENCE {
            return Err(Error::LongSentence { length, max: MAX_SENTENCE });
        }
        let mut reader = Reader {
            brief: Brief::open(sentence),
            tokens: tokens(sentence),
            genres,
            negated: Vec::new(),
            nearest: None,
        };
        reader.title();
        reader.figures()?;
        reader.phrases(&Dictionary::new(genres));
        Ok(reader.finished())
    }
}

struct Reader<'g> {
    brief: Brief,
    tokens: Vec<Token>,
    genres: &'g [GenreName],
    /// Places of words that were read as taken back.
    negated: Vec<usize>,
    /// Id of the genre nearest to one that has no file.
    nearest: Option<&'static str>,
}

impl Reader<'_> {
    fn title(&mut self) {
        let Some((text, start, end)) = title::title(&self.brief.sentence, &self.tokens) else {
            return;
        };
        for token in self.tokens.iter_mut().filter(|t| t.start >= start && t.end <= end) {
            token.used = true;
        }
        let words = self.brief.sentence[start..end].to_owned();
        self.brief.understood.push(Understood {
            field: "title".into(),
            value: text.clone(),
            start,
            words,
        });
        self.brief.title = Some(text);
    }

    /// Lengths, tempi, metres and keys: what is written with figures or letters.
    fn figures(&mut self) -> Result<(), Error> {
        for at in 0..self.tokens.len() {
            if self.tokens[at].used {
                continue;
            }
            // Only whole runs of unread words count.
            let open = self.tokens[at..].iter().take_while(|token| !token.used).count();
            let rest = &self.tokens[at..at + open];
            if let Some((seconds, taken)) = length::length(rest, 0) {
                let seconds = checked_duration(seconds)?;
                self.brief.duration = Some(seconds);
                self.understand("duration", format!("{seconds} s"), at, taken);
            } else if let Some((bpm, taken)) = tempo::bpm(rest, 0) {
                self.brief.bpm = Some(checked_bpm(bpm)?);
                self.understand("bpm", bpm.to_string(), at, taken);
            } else if let Some(meter) = tempo::meter(&rest[0].word) {
                match meter {
                    Ok(meter) => {
                        self.brief.meter = Some(meter);
                        self.understand("meter", meter.to_string(), at, 1);
                    }
                    Err(error) => self.unmet(error.to_string(), at, 1),
                }
            } else {
                self.key(at, open);
            }
        }
        Ok(())
    }

    fn key(&mut self, at: usize, open: usize) {
        let rest = &self.tokens[at..at + open];
        let Some(found) = key::key(rest, 0) else { return };
        self.brief.tonic = Some(found.tonic);
        if found.mode.is_some() {
            self.brief.mode = found.mode;
        }
        let mode = found.mode.map(|mode| format!(" {mode}")).unwrap_or_default();
        self.understand("key", format!("{}{mode}", found.tonic), at, found.taken);
    }

    fn phrases(&mut self, dictionary: &Dictionary) {
        let mut at = 0;
        while at < self.tokens.len() {
            if self.tokens[at].used {
                at += 1;
                continue;
            }
            if self.artist(at) {
                continue;
            }
            let words: Vec<&str> = self.tokens[at..]
                .iter()
                .take(6)
                .take_while(|token| !token.used)
                .map(|token| token.word.as_str())
                .collect();
            match dictionary.longest(&words) {
                Some((meaning, taken)) => {
                    let meaning = meaning.clone();
                    self.mean(&meaning, at, taken);
                    at += taken;
                }
                None => at += 1,
            }
        }
    }

    /// "like Somebody Famous": a capitalised name after "like".
    fn artist(&mut self, at: usize) -> bool {
        if self.tokens[at].word != "like" {
            return false;
        }
        let names = self.names_after(at + 1);
        if names > 0 {
            self.unmet(missing::NOBODYS_VOICE.into(), at, 1 + names);
        }
        names > 0
    }

    fn names_after(&self, at: usize) -> usize {
        let name = |token: &&Token| !token.used && token.text.starts_with(char::is_uppercase);
        self.tokens[at.min(self.tokens.len())..].iter().take_while(name).count()
    }

    fn mean(&mut self, meaning: &Meaning, at: usize, taken: usize) {
        let negated = negation::is_negated(&self.tokens, &self.negated, at);
        match meaning {
            Meaning::Filler => self.use_words(at, taken),
            Meaning::Genre(id) => self.genre(id, negated, at, taken),
            Meaning::NoGenre(name, nearest) => self.no_genre(name, nearest, negated, at, taken),
            Meaning::Instrument(instrument) => self.instrument(*instrument, negated, at, taken),
            Meaning::Mood(mood) => self.mood(*mood, negated, at, taken),
            Meaning::Energy(energy) => self.energy(*energy, negated, at, taken),
            Meaning::Unmet(_, true) if negated => {
                self.understand("without", self.words(at, taken), at, taken);
                self.take_back(at, taken);
            }
            Meaning::Unmet(answer, _) => self.unmet((*answer).to_owned(), at, taken),
            Meaning::Like => {
                let names = self.names_after(at + taken);
                if names > 0 {
                    self.unmet(missing::NOBODYS_VOICE.into(), at, taken + names);
                } else {
                    self.use_words(at, taken);
                }
            }
            Meaning::Instrumental => {
                self.understand("without", "vocals".into(), at, taken);
            }
            other => self.plain(other, negated, at, taken),
        }
    }

    /// Meanings that set one field and mean nothing when taken back.
    fn plain(&mut self, meaning: &Meaning, negated: bool, at: usize, taken: usize) {
        // "solo piano" is for nobody else; a "trumpet solo" is one of the parts.
        if *meaning == Meaning::Only
            && self.tokens[at].word == "solo"
            && !self.names_a_player(at + 1)
        {
            return self.use_words(at, taken);
        }
        if negated {
            // "not too fast" asks for less of it, not for none.
            if let Meaning::Pace(pace) = meaning {
                self.brief.pace = Some(if *pace > super::Pace::Medium {
                    super::Pace::Medium
                } else {
                    super::Pace::Fast
                });
                self.understand("pace", format!("not {}", self.words(at, taken)), at, taken);
                self.take_back(at, taken);
            }
            return;
        }
        let (field, value) = match meaning {
            Meaning::Era(era) => {
                self.brief.era = Some(*era);
                ("era", era.name().to_owned())
            }
            Meaning::Pace(pace) => {
                self.brief.pace = Some(*pace);
                ("pace", format!("{pace:?}"))
            }
            Meaning::Feel(feel) => {
                self.brief.feel = Some(*feel);
                ("feel", format!("{feel:?}"))
            }
            Meaning::Shape(shape) => {
                self.brief.shape = Some(*shape);
                ("shape", format!("{shape:?}"))
            }
            Meaning::Meter(meter) => {
                self.brief.meter = Some(*meter);
                ("meter", meter.to_string())
            }
            Meaning::Mode(mode) => {
                self.brief.mode = Some(*mode);
                ("mode", mode.to_string())
            }
            _ => {
                self.brief.only = true;
                ("only", "nobody else".to_owned())
            }
        };
        self.understand(field, value, at, taken);
    }

    /// Whether an instrument is named at a place.
    fn names_a_player(&self, at: usize) -> bool {
        let words = self.tokens.iter().skip(at).take(3).map(|token| token.word.as_str());
        let words: Vec<&str> = words.collect();
        (1..=words.len()).any(|count| Instrument::named(&words[..count].join(" ")).is_some())
    }

    fn genre(&mut self, id: &str, negated: bool, at: usize, taken: usize) {
        if negated {
            self.understand("without", id.to_owned(), at, taken);
            self.take_back(at, taken);
        } else if self.brief.genre.as_deref() == Some(id) {
            self.use_words(at, taken);
        } else if self.brief.genre.is_some() {
            let answer = "a song has one genre: the first that was named is used";
            self.unmet(answer.into(), at, taken);
        } else {
            self.brief.genre = Some(id.to_owned());
            let name = self.genres.iter().find(|genre| genre.id == id);
            let name = name.map_or(id, |genre| genre.name.as_str()).to_owned();
            self.understand("genre", name, at, taken);
        }
    }

    fn no_genre(
        &mut self,
        name: &'static str,
        nearest: &'static str,
        negated: bool,
        at: usize,
        taken: usize,
    ) {
        if negated {
            self.understand("without", name.to_owned(), at, taken);
            return self.take_back(at, taken);
        }
        let known = self.genres.iter().find(|genre| genre.id == nearest);
        let name = self.words(at, taken).to_lowercase();
        let answer = match known {
            Some(genre) => format!("there is no {name} yet; the nearest genre is {}", genre.name),
            None => format!("there is no {name} yet"),
        };
        self.nearest = self.nearest.or(known.map(|_| nearest));
        self.unmet(answer, at, taken);
    }

    fn instrument(&mut self, instrument: Instrument, negated: bool, at: usize, taken: usize) {
        let name = instrument.name().to_owned();
        if negated {
            let who = if instrument.is_generic() && !instrument.is_electronic() {
                Absent::Role(instrument.role())
            } else {
                Absent::Instrument(instrument)
            };
            self.brief.absent.push(who);
            self.understand("without", name, at, taken);
            return self.take_back(at, taken);
        }
        // A beat is what the genre has anyway; only "no beats" says something.
        if self.tokens[at].word.starts_with("beat") {
            return self.use_words(at, taken);
        }
        if let Some(instead) = instrument.instead().filter(|_| !instrument.is_generic()) {
            let words = self.words(at, taken).to_lowercase();
            self.unmet(
                format!("there is no {words} in the sound bank: {instead} plays"),
                at,
                taken,
            );
        } else {
            self.understand("instrument", name, at, taken);
        }
        if !self.brief.instruments.contains(&instrument) {
            self.brief.instruments.push(instrument);
        }
    }

    fn mood(&mut self, mood: Mood, negated: bool, at: usize, taken: usize) {
        let (list, field) = if negated {
            (&mut self.brief.moods_avoided, "without")
        } else {
            (&mut self.brief.moods, "mood")
        };
        if !list.contains(&mood) {
            list.push(mood);
        }
        if negated {
            self.take_back(at, taken);
        }
        self.understand(field, mood.name().to_owned(), at, taken);
    }

    fn energy(&mut self, energy: Energy, negated: bool, at: usize, taken: usize) {
        let energy = match (energy, negated) {
            (Energy::High, true) => Energy::Low,
            (Energy::Low, true) => Energy::High,
            (energy, _) => energy,
        };
        if negated {
            self.take_back(at, taken);
        }
        self.brief.energy = Some(energy);
        self.understand("energy", format!("{energy:?}"), at, taken);
    }

    /// Notes that words were taken back, and that the negation before them has been read.
    fn take_back(&mut self, at: usize, taken: usize) {
        self.negated.extend(at..at + taken);
        for back in (1..=4).filter_map(|back| at.checked_sub(back)) {
            self.tokens[back].used |= negation::belongs(&self.tokens[back].word);
        }
    }

    fn words(&self, at: usize, taken: usize) -> String {
        let (start, end) = (self.tokens[at].start, self.tokens[at + taken - 1].end);
        self.brief.sentence[start..end].to_owned()
    }

    fn use_words(&mut self, at: usize, taken: usize) {
        self.tokens[at..at + taken].iter_mut().for_each(|token| token.used = true);
    }

    fn understand(&mut self, field: &str, value: String, at: usize, taken: usize) {
        let words = self.words(at, taken);
        let start = self.tokens[at].start;
        self.use_words(at, taken);
        self.brief.understood.push(Understood { field: field.to_owned(), value, start, words });
    }

    fn unmet(&mut self, answer: String, at: usize, taken: usize) {
        let words = self.words(at, taken);
        self.use_words(at, taken);
        self.brief.unmet.push(Wish { words, answer });
    }

    fn finished(mut self) -> Brief {
        if self.brief.genre.is_none() {
            self.brief.genre = self.nearest.map(str::to_owned);
        }
        // "pentatonic" and the like colour a tune; chords need seven notes.
        self.brief.mode = self.brief.mode.map(Mode::harmonic_basis);
        self.brief.not_understood = self
            .tokens
            .iter()
            .filter(|token| !token.used && !negation::belongs(&token.word))
            .map(|token| token.text.clone())
            .collect();
        self.brief.understood.sort_by_key(|understood| understood.start);
        self.brief
    }
}
