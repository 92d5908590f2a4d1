use score::Role;

use super::{Brief, Energy, Era, GenreName, Mood, Pace};

/// What speaks for a genre when none is named.
struct Case {
    id: &'static str,
    moods: &'static [Mood],
    /// General MIDI programs of instruments at home in it.
    programs: &'static [u8],
    eras: &'static [Era],
    pace: Option<Pace>,
    energy: Option<Energy>,
}

const CASES: [Case; 6] = [
    Case {
        id: "lo-fi-hip-hop",
        moods: &[Mood::Calm, Mood::Nostalgic, Mood::Melancholic],
        programs: &[4, 5, 11],
        eras: &[Era::Nineties],
        pace: Some(Pace::Slow),
        energy: Some(Energy::Low),
    },
    Case {
        id: "cinematic",
        moods: &[Mood::Epic, Mood::Mysterious, Mood::Tense, Mood::Ethereal, Mood::Sad, Mood::Dark],
        programs: &[40, 42, 43, 44, 45, 46, 47, 48, 49, 52, 60, 61, 68, 70, 71, 73, 8, 9, 14],
        eras: &[],
        pace: Some(Pace::VerySlow),
        energy: None,
    },
    Case {
        id: "jazz",
        moods: &[Mood::Romantic, Mood::Playful],
        programs: &[32, 56, 57, 65, 66, 26, 11],
        eras: &[Era::Fifties, Era::Sixties],
        pace: None,
        energy: None,
    },
    Case {
        id: "rock",
        moods: &[Mood::Aggressive, Mood::Intense, Mood::Happy],
        programs: &[27, 28, 29, 30, 25, 18, 34],
        eras: &[Era::Seventies],
        pace: Some(Pace::Fast),
        energy: Some(Energy::High),
    },
    Case {
        id: "synthwave",
        moods: &[Mood::Dark, Mood::Nostalgic],
        programs: &[],
        eras: &[Era::Eighties],
        pace: None,
        energy: None,
    },
    Case {
        id: "house",
        moods: &[Mood::Energetic, Mood::Uplifting],
        programs: &[],
        eras: &[Era::TwoThousands],
        pace: Some(Pace::VeryFast),
        energy: Some(Energy::High),
    },
];

impl Brief {
    /// The genre to play: the one that was named, else the one of `genres` that what was said
    /// speaks for most, else the first of them.
    pub fn genre_among<'g>(&self, genres: &'g [GenreName]) -> Option<&'g GenreName> {
        let named = |id: &str| genres.iter().find(|genre| genre.id == id);
        if let Some(id) = &self.genre {
            return named(id);
        }
        let mut best: Option<(usize, &GenreName)> = None;
        for (points, genre) in
            CASES.iter().filter_map(|case| Some((self.points(case), named(case.id)?)))
        {
            if points > best.map_or(0, |(most, _)| most) {
                best = Some((points, genre));
            }
        }
        best.map(|(_, genre)| genre).or(genres.first())
    }

    fn points(&self, case: &Case) -> usize {
        let moods = self.moods.iter().filter(|mood| case.moods.contains(mood)).count();
        let instruments = self
            .instruments
            .iter()
            .filter(|who| !matches!(who.role(), Role::Drums | Role::Percussion))
            .filter(|who| who.instead().is_none() && !who.is_generic())
            .filter(|who| case.programs.contains(&who.program()))
            .count();
        let synths = self.instruments.iter().filter(|who| who.name().contains("synth")).count();
        let electronic = usize::from(matches!(case.id, "synthwave" | "house")) * synths;
        let era = usize::from(self.era.is_some_and(|era| case.eras.contains(&era)));
        let pace = usize::from(self.pace.is_some() && self.pace == case.pace);
        let energy = usize::from(self.energy.is_some() && self.energy == case.energy);
        2 * moods + 3 * instruments + 2 * electronic + 2 * era + pace + energy
    }
}
