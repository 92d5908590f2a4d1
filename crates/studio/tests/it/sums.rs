use audio::{Buffer, Frames, Layout, SampleRate};
use audio_file::{Depth, Pcm};
use clock::Seed;
use fault::Cancel;
use mastering::Target;
use studio::genre::Genres;
use studio::measured::open;

use crate::song;

/// The stems, read back from their files and added in the order of the band, echo and room last,
/// go through mastering to the very samples of the master.
#[test]
fn the_stem_files_sum_to_the_mix_bit_for_bit() {
    let dir = tempfile::tempdir().unwrap();
    let made = song("house in A minor", 3, &dir.path().join("song"));
    let stem = |name: &str| {
        let file = name.to_lowercase().replace(' ', "-") + ".wav";
        open(&made.folder.join("stems").join(file)).unwrap().0
    };
    let (master, _) = open(&made.folder.join("master.wav")).unwrap();
    let mut sum = Buffer::silent(SampleRate::STUDIO, Layout::Stereo, master.length());
    let parts = made.report.parts.iter().map(|part| part.name.as_str());
    for name in parts.chain(["return echo", "return room"]) {
        let stem = stem(name);
        assert_eq!(stem.length(), master.length(), "{name}");
        for (sum, stem) in sum.planes_mut().zip(stem.planes()) {
            for (sum, stem) in sum.iter_mut().zip(stem) {
                *sum += stem;
            }
        }
    }
    let genres = Genres::embedded().unwrap();
    let tone = genres.get(&made.report.song.genre).unwrap().master;
    let chain = Target::DEFAULT.on(tone.chain(Layout::Stereo));
    let (sum, _) = mastering::master(&sum, &chain, &Cancel::new()).unwrap();
    let pcm = Pcm::quantise(&sum, Depth::TwentyFour, Seed(3).child("dither"));
    let mut bytes = Vec::new();
    audio_file::write_wav(&mut bytes, &pcm, &audio_file::Tags::default()).unwrap();
    let (again, _) = audio_file::decode(std::io::Cursor::new(bytes)).unwrap();
    assert!(again == master, "the sum of the stems is not the mix");
    assert!(master.length() > Frames(15 * 48_000 - 96_000));
}
