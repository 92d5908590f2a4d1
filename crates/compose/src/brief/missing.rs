/// Genres known by name, and the nearest genre that may have a file.
pub(super) const GENRES: [(&[&str], &str); 48] = [
    (&["trap", "phonk"], "lo-fi-hip-hop"),
    (&["boom bap", "hip hop", "hiphop", "rap beat"], "lo-fi-hip-hop"),
    (&["drill", "grime"], "lo-fi-hip-hop"),
    (&["r&b", "rnb", "r and b", "rhythm and blues"], "lo-fi-hip-hop"),
    (&["neo soul"], "lo-fi-hip-hop"),
    (&["soul", "motown"], "lo-fi-hip-hop"),
    (&["techno"], "house"),
    (&["trance"], "house"),
    (&["edm", "dance music", "big room"], "house"),
    (&["disco", "nu disco"], "house"),
    (&["garage", "uk garage"], "house"),
    (&["dubstep", "brostep"], "house"),
    (&["drum and bass", "drum n bass", "dnb", "d&b", "jungle"], "house"),
    (&["hardstyle", "gabber"], "house"),
    (&["electro", "electronica", "idm"], "synthwave"),
    (&["breakbeat"], "house"),
    (&["ambient", "drone"], "cinematic"),
    (&["new age", "meditation music"], "cinematic"),
    (&["chillwave", "vaporwave"], "synthwave"),
    (&["synth pop", "synthpop", "new wave"], "synthwave"),
    (&["darkwave", "industrial"], "synthwave"),
    (&["pop", "k pop", "j pop", "indie pop", "city pop"], "rock"),
    (&["funk", "g funk"], "house"),
    (&["afrobeat", "afrobeats", "amapiano"], "house"),
    (&["reggaeton", "dembow"], "house"),
    (&["reggae", "dub", "ska"], "rock"),
    (&["latin", "salsa", "merengue", "cumbia"], "jazz"),
    (&["bossa nova", "bossa", "samba"], "jazz"),
    (&["tango", "flamenco"], "jazz"),
    (&["gospel", "spiritual"], "jazz"),
    (&["blues"], "jazz"),
    (&["ragtime", "dixieland"], "jazz"),
    (&["country", "bluegrass", "americana"], "rock"),
    (&["folk", "acoustic folk", "singer songwriter"], "rock"),
    (&["celtic", "irish folk"], "cinematic"),
    (&["metal", "heavy metal", "death metal", "metalcore"], "rock"),
    (&["punk", "pop punk", "hardcore punk"], "rock"),
    (&["grunge", "shoegaze", "emo"], "rock"),
    (&["classical", "baroque", "chamber music"], "cinematic"),
    (&["opera", "operetta"], "cinematic"),
    (&["world music"], "cinematic"),
    (&["chiptune", "8 bit", "8bit"], "synthwave"),
    (&["hyperpop"], "synthwave"),
    (&["trip hop", "downtempo"], "lo-fi-hip-hop"),
    (&["lullaby", "children's music"], "cinematic"),
    (&["march music", "marching band"], "cinematic"),
    (&["psytrance", "goa"], "house"),
    (&["krautrock", "prog", "progressive rock"], "rock"),
];

/// Wishes that are understood and cannot be met yet, the answer to them, and whether the thing
/// is never in a song, so that a wish to do without it is always met.
pub(super) const WISHES: [(&[&str], &str, bool); 10] = [
    (
        &["vocals", "vocal", "singer", "singing", "sung", "voice", "voices", "vocalist", "sings"],
        "there is no singer yet: the tune is played by an instrument",
        true,
    ),
    (
        &["rap", "rapper", "rapping", "spoken word", "narration"],
        "there is no spoken or rapped voice yet: the piece is instrumental",
        true,
    ),
    (
        &["lyrics", "lyric", "words about", "text about"],
        "there are no lyrics yet: the piece is instrumental",
        true,
    ),
    (
        &["sample", "samples", "sampled", "sampling", "remix", "cover of", "mashup"],
        "other recordings are never used: everything is composed anew",
        true,
    ),
    (&["autotune", "vocoder", "talkbox"], "there is no voice to treat yet", true),
    (
        &["key change", "modulation", "modulates", "modulate", "change key"],
        "songs stay in one key yet",
        true,
    ),
    (
        &["tempo change", "speeds up", "accelerando", "changing tempo", "slows down"],
        "songs keep one tempo yet, but for a slowing at the end where the genre has it",
        true,
    ),
    (
        &["kick drum", "kick", "snare", "hi hat", "hats", "cymbal", "clap", "toms"],
        "single drums cannot be chosen yet: the kit plays as the genre does",
        false,
    ),
    (
        &[
            "vinyl",
            "crackle",
            "vinyl crackle",
            "tape hiss",
            "reverb",
            "echo",
            "distortion",
            "sidechain",
            "compression",
            "loud master",
            "stereo",
        ],
        "the sound is treated as the genre does: it cannot be asked for in the sentence yet",
        false,
    ),
    (
        &["sound effects", "rain sounds", "nature sounds", "birdsong", "field recordings"],
        "there are no recorded sounds beside instruments yet",
        true,
    ),
];

/// Words before the name of someone whose sound is wanted.
pub(super) const LIKE: [&str; 9] = [
    "sounds like",
    "sound like",
    "sounding like",
    "in the style of",
    "style of",
    "similar to",
    "inspired by",
    "à la",
    "reminiscent of",
];

/// The answer to wishes for somebody's sound.
pub(super) const NOBODYS_VOICE: &str =
    "no artist is imitated: name a genre, mood, tempo or instruments instead";
