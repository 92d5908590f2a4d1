use super::{Line, Lyrics};

/// Lines that are kept, repeated ones counted each time: an opera has some thousand.
const MAX_LINES: usize = 10_000;
/// Characters of a line that are kept.
const MAX_LINE_CHARS: usize = 1_000;
/// Times before one line: a refrain is sung less often.
const MAX_STAMPS: usize = 64;
/// Later than this is no time of a song: a day.
const MAX_MS: u64 = 86_400_000;
/// What stands in the head of an LRC file beside the song: read or passed over, never sung.
const HEAD: [&str; 14] = [
    "ar", "al", "ti", "au", "lr", "by", "re", "ve", "length", "offset", "la", "lang", "language",
    "tool",
];

impl Lyrics {
    /// Reads lyrics: LRC where a line begins with a time, else plain text. Any text gives lyrics; what
    /// goes beyond the limits is left out.
    pub fn parse(text: &str) -> Self {
        let mut lyrics = Self::default();
        // Lines as they stand, each with its times.
        let mut read: Vec<(Vec<u64>, String)> = Vec::new();
        for line in text.trim_start_matches('\u{feff}').lines().take(MAX_LINES) {
            let line = line.trim();
            if let Some((name, value)) = head(line) {
                lyrics.note(&name, value);
                continue;
            }
            let (stamps, rest) = stamps(line);
            lyrics.synced |= !stamps.is_empty();
            read.push((stamps, without_word_stamps(rest)));
        }
        lyrics.lines = if lyrics.synced { timed(read) } else { plain(read) };
        lyrics
    }

    fn note(&mut self, name: &str, value: &str) {
        match name {
            "offset" => {
                let offset = value.trim_start_matches('+').parse().unwrap_or(0);
                self.offset_ms = if within_a_day(offset) { offset } else { 0 };
            }
            "la" | "lang" | "language" => {
                let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
                if (2..=16).contains(&value.len()) && value.chars().all(is_tag) {
                    self.language = Some(value.to_ascii_lowercase());
                }
            }
            _ => {}
        }
    }
}

fn within_a_day(ms: i64) -> bool {
    ms.unsigned_abs() <= MAX_MS
}

/// A line of the head: "[ar:Somebody]".
fn head(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    let name = name.trim().to_ascii_lowercase();
    HEAD.contains(&name.as_str()).then(|| (name, value.trim()))
}

/// The times before a line, and the line.
fn stamps(mut line: &str) -> (Vec<u64>, &str) {
    let mut stamps = Vec::new();
    while let Some((at, rest)) = stamp(line, '[', ']') {
        if stamps.len() < MAX_STAMPS {
            stamps.push(at);
        }
        line = rest.trim_start();
    }
    (stamps, line)
}

/// A time in brackets at the beginning, in milliseconds, and what follows.
fn stamp(text: &str, open: char, close: char) -> Option<(u64, &str)> {
    let (inside, rest) = text.strip_prefix(open)?.split_once(close)?;
    let at = time(inside)?;
    Some((at, rest))
}

/// "mm:ss", "mm:ss.x", "mm:ss.xx", "mm:ss.xxx", some with ":" before the fraction.
fn time(text: &str) -> Option<u64> {
    let (minutes, rest) = text.split_once(':')?;
    let (seconds, fraction) = rest.split_once(['.', ':']).unwrap_or((rest, ""));
    let number = |digits: &str, most: usize| {
        let is_number = digits.len() <= most && digits.bytes().all(|b| b.is_ascii_digit());
        if is_number { digits.parse::<u64>().ok() } else { None }
    };
    let (minutes, seconds) = (number(minutes, 4)?, number(seconds, 2)?);
    let thousandths = match fraction.len() {
        0 if !rest.contains(['.', ':']) => 0,
        1 => number(fraction, 1)? * 100,
        2 => number(fraction, 2)? * 10,
        3 => number(fraction, 3)?,
        _ => return None,
    };
    let at = (minutes * 60 + seconds) * 1_000 + thousandths;
    (seconds < 60 && at <= MAX_MS).then_some(at)
}

/// A line without the times that enhanced LRC puts before each word.
fn without_word_stamps(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        let (before, bracket) = rest.split_at(at);
        words.push_str(before);
        rest = match stamp(bracket, '<', '>') {
            Some((_, after)) => after,
            None => {
                words.push('<');
                &bracket[1..]
            }
        };
    }
    words.push_str(rest);
    let is_touched = words.len() != line.len();
    let words = if is_touched {
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        words.trim().to_owned()
    };
    words.chars().filter(|c| !c.is_control()).take(MAX_LINE_CHARS).collect()
}

/// Every line at each of its times. One without a time belongs to the one before it.
fn timed(read: Vec<(Vec<u64>, String)>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut last = vec![0];
    for (stamps, text) in read {
        if stamps.is_empty() && text.is_empty() {
            continue;
        }
        if !stamps.is_empty() {
            last = stamps;
        }
        for at in last.iter().take(MAX_LINES - lines.len()) {
            lines.push(Line { start_ms: Some(*at), text: text.clone() });
        }
    }
    lines.sort_by_key(|line| line.start_ms);
    lines
}

/// The lines without the empty ones around them.
fn plain(read: Vec<(Vec<u64>, String)>) -> Vec<Line> {
    let mut lines: Vec<Line> =
        read.into_iter().map(|(_, text)| Line { start_ms: None, text }).collect();
    let end = lines.iter().rposition(|line| !line.text.is_empty()).map_or(0, |last| last + 1);
    lines.truncate(end);
    let begin = lines.iter().position(|line| !line.text.is_empty()).unwrap_or(0);
    lines.split_off(begin)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, proptest};

    use super::{MAX_LINES, MAX_MS};
    use crate::lyrics::Lyrics;

    fn read(text: &str) -> String {
        let lyrics = Lyrics::parse(text);
        let line = |line: &crate::lyrics::Line| match line.start_ms {
            Some(at) => format!("{at} {}", line.text),
            None => line.text.clone(),
        };
        lyrics.lines.iter().map(line).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn lines_are_read_as_players_read_them() {
        for (text, wanted) in [
            ("[00:01.50]One\n[00:02.125]Two", "1500 One|2125 Two"),
            ("\u{feff}[ar:Somebody]\r\n[00:01]One\r\n[1:02.3]Two\r\n", "1000 One|62300 Two"),
            (
                "[00:05.00][00:01.00] Again \n[00:03.00]Between",
                "1000 Again|3000 Between|5000 Again",
            ),
            ("[00:01.00]<00:01.00>word <00:01.50>by <00:02.00>word", "1000 word by word"),
            ("[00:01:50]colon", "1500 colon"),
            ("[00:01.00]\n[00:02.00]after a pause", "1000 |2000 after a pause"),
            (
                "first\n[00:01.00]One\nmore of it\n\n[00:02.00]Two",
                "0 first|1000 One|1000 more of it|2000 Two",
            ),
            ("[100:00.00]late", "6000000 late"),
            ("[00:61.00]no time", "[00:61.00]no time"),
            ("[Chorus]\n\nLa <la> la\n\n", "[Chorus]||La <la> la"),
            ("\n\n[Verse 1: Somebody]\nWords", "[Verse 1: Somebody]|Words"),
            ("[ti:Only a head]\n[length:3:20]", ""),
            ("", ""),
            ("[", "["),
            ("[00:01.2345]four digits", "[00:01.2345]four digits"),
            ("[00:01.]dot", "[00:01.]dot"),
        ] {
            assert_eq!(read(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn the_head_gives_offset_and_language() {
        let lyrics = Lyrics::parse("[offset:+250]\n[la:EN]\n[00:01.00]One");
        assert_eq!((lyrics.offset_ms, lyrics.language.as_deref()), (250, Some("en")));
        assert!(lyrics.synced);
        assert_eq!(Lyrics::parse("[offset: -40 ]\n[00:01.00]One").offset_ms, -40);
        assert_eq!(Lyrics::parse("[offset:999999999999999999999]").offset_ms, 0);
        assert_eq!(Lyrics::parse("[la:<b>]").language, None);
    }

    #[test]
    fn what_multiplies_itself_is_bounded() {
        let line = format!("{}x\n", "[00:01.00]".repeat(5_000));
        assert!(Lyrics::parse(&line.repeat(500)).lines.len() <= MAX_LINES);
        assert!(
            Lyrics::parse(&format!("[00:01.00]x\n{}", "y\n".repeat(20_000))).lines.len()
                <= MAX_LINES
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_lines_in_order_within_bounds(
            text in r"(\[(\PC{0,6}|[0-9]{1,4}:[0-9]{1,3}[.:][0-9]{0,4})\]|<[0-9:.]{0,9}>|\PC{0,8}|\r?\n|\u{feff}){0,60}",
        ) {
            let lyrics = Lyrics::parse(&text);
            assert!(lyrics.lines.iter().all(|line| line.start_ms.is_some() == lyrics.synced));
            assert!(lyrics.lines.iter().all(|line| line.start_ms.unwrap_or(0) <= MAX_MS));
            assert!(lyrics.lines.is_sorted_by_key(|line| line.start_ms));
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
            Lyrics::parse(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn times_written_are_times_read(at in 0_u64..6_000_000) {
            let (minutes, seconds, ms) = (at / 60_000, at / 1_000 % 60, at % 1_000);
            let lyrics = Lyrics::parse(&format!("[{minutes:02}:{seconds:02}.{ms:03}]x"));
            assert_eq!(lyrics.lines[0].start_ms, Some(at));
        }
    }
}
