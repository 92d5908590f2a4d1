use std::fmt::Write;

use anyhow::Result;

/// One run of a contestant: its CPU seconds, and what came out in a few words.
pub(super) type Turn = (f64, String);

/// Someone who does the job of a contest.
pub(super) struct Contestant<'a> {
    name: String,
    /// None when it is not installed.
    take: Option<Box<dyn FnMut() -> Result<Turn> + 'a>>,
    /// The name of the row whose best is taken off: what is not the job itself.
    less: Option<&'static str>,
}

impl<'a> Contestant<'a> {
    pub(super) fn new(name: impl Into<String>, take: impl FnMut() -> Result<Turn> + 'a) -> Self {
        Self { name: name.into(), take: Some(Box::new(take)), less: None }
    }

    pub(super) fn missing(name: &str) -> Self {
        Self { name: name.to_owned(), take: None, less: None }
    }

    /// Takes the best of the row `name` off.
    pub(super) fn less(self, name: &'static str) -> Self {
        Self { less: Some(name), ..self }
    }
}

/// Contestants with one job.
pub(super) struct Contest<'a> {
    pub(super) title: &'static str,
    /// What is compared, and what is not.
    pub(super) about: String,
    /// Seconds of sound.
    pub(super) seconds: f64,
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
        text.push_str("| Contestant | Best, s | Median, s | Net, s | × real time | Result |\n");
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
            let speed = self.seconds / net.unwrap_or(*best).max(0.001);
            let name = &contestant.name;
            writeln!(text, "| {name} | {best:.3} | {median:.3} | {shown} | {speed:.0} | {said} |")?;
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
    use super::{Contest, Contestant};

    #[test]
    fn a_table_takes_off_the_best_of_the_named_row_and_invents_nothing() {
        let mut times = [3.0, 1.0, 2.0].into_iter();
        let contest = Contest {
            title: "Job",
            about: "About.".to_owned(),
            seconds: 10.0,
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
}
