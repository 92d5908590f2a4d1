use std::fmt::Write;

use anyhow::Result;

/// One run of a contestant: its seconds, and what came out in a few words. The seconds are the
/// processor's unless the contest says otherwise.
pub(super) type Turn = (f64, String);

/// What the work of a contest is counted in, and how its table tells the speed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    /// Seconds of sound, told as a multiple of real time.
    Sound,
    /// Things by the thousand and the second: `k bars/s`.
    Thousands(&'static str),
    /// Things by the million and the second: `M events/s`.
    Millions(&'static str),
    /// Things so quick that it is told how long one takes: `ns an update`.
    Nanos(&'static str),
    /// Things that someone waits for: `ms a seek`.
    Millis(&'static str),
}

impl Unit {
    fn heading(self) -> String {
        match self {
            Self::Sound => "× real time".to_owned(),
            Self::Thousands(things) => format!("k {things}/s"),
            Self::Millions(things) => format!("M {things}/s"),
            Self::Nanos(thing) => format!("ns {thing}"),
            Self::Millis(thing) => format!("ms {thing}"),
        }
    }

    fn speed(self, work: f64, seconds: f64) -> String {
        match self {
            Self::Sound => format!("{:.0}", work / seconds),
            Self::Thousands(_) => format!("{:.1}", work / seconds * 1e-3),
            Self::Millions(_) => format!("{:.1}", work / seconds * 1e-6),
            Self::Nanos(_) => format!("{:.1}", seconds / work * 1e9),
            Self::Millis(_) => format!("{:.1}", seconds / work * 1e3),
        }
    }
}

/// Someone who does the job of a contest.
pub(super) struct Contestant<'a> {
    name: String,
    /// None when it is not installed.
    take: Option<Box<dyn FnMut() -> Result<Turn> + 'a>>,
    /// The name of the row whose best is taken off: what is not the job itself.
    less: Option<&'static str>,
    /// How much it does in a turn; none for as much as the contest says.
    work: Option<f64>,
}

impl<'a> Contestant<'a> {
    pub(super) fn new(name: impl Into<String>, take: impl FnMut() -> Result<Turn> + 'a) -> Self {
        Self { name: name.into(), take: Some(Box::new(take)), less: None, work: None }
    }

    pub(super) fn missing(name: impl Into<String>) -> Self {
        Self { name: name.into(), take: None, less: None, work: None }
    }

    /// Takes the best of the row `name` off.
    pub(super) fn less(self, name: &'static str) -> Self {
        Self { less: Some(name), ..self }
    }

    /// Does so much in a turn: one that is a thousand times as slow need not do as much.
    pub(super) fn work(self, work: f64) -> Self {
        Self { work: Some(work), ..self }
    }
}

/// Contestants with one job.
pub(super) struct Contest<'a> {
    pub(super) title: &'static str,
    /// What is compared, and what is not.
    pub(super) about: String,
    /// What the work is counted in.
    pub(super) unit: Unit,
    /// How much work a turn is.
    pub(super) work: f64,
    pub(super) contestants: Vec<Contestant<'a>>,
}

impl Contest<'_> {
    /// Lets everybody run `runs` times, in turn, so that a busy machine is equally unkind to all.
    /// Returns a section of Markdown.
    pub(super) fn run(mut self, runs: usize) -> Result<String> {
        let mut turns: Vec<Vec<Turn>> = self.contestants.iter().map(|_| Vec::new()).collect();
        for round in 1..=runs {
            super::progress(&format!("{}: round {round} of {runs}", self.title));
            for (contestant, turns) in self.contestants.iter_mut().zip(&mut turns) {
                if let Some(take) = &mut contestant.take {
                    turns.push(take()?);
                }
            }
        }
        for turns in &mut turns {
            turns.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        self.table(&turns)
    }

    fn table(&self, turns: &[Vec<Turn>]) -> Result<String> {
        let mut text = format!("## {}\n\n{}\n\n", self.title, self.about);
        let speed = self.unit.heading();
        writeln!(text, "| Contestant | Best, s | Median, s | Net, s | {speed} | Result |")?;
        text.push_str("|---|---|---|---|---|---|\n");
        for (contestant, taken) in self.contestants.iter().zip(turns) {
            let Some((best, said)) = taken.first() else {
                writeln!(text, "| {} | not installed | | | | |", contestant.name)?;
                continue;
            };
            let median = taken[taken.len() / 2].0;
            let net = contestant.less.and_then(|row| self.best(row, turns)).map(|off| best - off);
            let shown = net.map_or(String::from("–"), |net| format!("{net:.3}"));
            // Below a scheduler tick there is nothing to divide by.
            let seconds = net.unwrap_or(*best).max(0.001);
            let speed = self.unit.speed(contestant.work.unwrap_or(self.work), seconds);
            let name = &contestant.name;
            writeln!(text, "| {name} | {best:.3} | {median:.3} | {shown} | {speed} | {said} |")?;
        }
        Ok(text)
    }

    fn best(&self, row: &str, turns: &[Vec<Turn>]) -> Option<f64> {
        let at = self.contestants.iter().position(|contestant| contestant.name == row)?;
        turns[at].first().map(|turn| turn.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Contest, Contestant, Unit};

    #[test]
    fn a_table_takes_off_the_best_of_the_named_row_and_invents_nothing() {
        let mut times = [3.0, 1.0, 2.0].into_iter();
        let contest = Contest {
            title: "Job",
            about: "About.".to_owned(),
            unit: Unit::Sound,
            work: 10.0,
            contestants: vec![
                Contestant::new("load", || Ok((0.5, String::new()))),
                Contestant::new("work", || Ok((times.next().unwrap(), "good".to_owned())))
                    .less("load"),
                Contestant::missing("absent"),
            ],
        };
        let text = contest.run(3).unwrap();
        let rows: Vec<&str> = text.lines().skip(6).collect();
        assert_eq!(rows[0], "| load | 0.500 | 0.500 | – | 20 |  |");
        assert_eq!(rows[1], "| work | 1.000 | 2.000 | 0.500 | 20 | good |");
        assert_eq!(rows[2], "| absent | not installed | | | | |");
    }

    #[test]
    fn a_speed_is_told_in_the_unit_of_the_work_and_by_the_work_that_was_done() {
        let speeds = |unit: Unit| {
            let contest = Contest {
                title: "Job",
                about: String::new(),
                unit,
                work: 4_000_000.0,
                contestants: vec![
                    Contestant::new("all", || Ok((0.5, String::new()))),
                    Contestant::new("less", || Ok((2.0, String::new()))).work(1_000.0),
                ],
            };
            let text = contest.run(1).unwrap();
            let cell = |line: &str| line.split(" | ").nth(4).unwrap().to_owned();
            text.lines().filter(|line| line.contains(" | ")).map(cell).collect::<Vec<_>>()
        };
        assert_eq!(speeds(Unit::Thousands("bars")), ["k bars/s", "8000.0", "0.5"]);
        assert_eq!(speeds(Unit::Millions("events")), ["M events/s", "8.0", "0.0"]);
        assert_eq!(speeds(Unit::Nanos("an update")), ["ns an update", "125.0", "2000000.0"]);
    }
}
