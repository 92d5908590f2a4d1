//! Every answer twice: with everything that may be known, and with as little as may be.

use clock::Nanos;
use server::subsonic::views::{
    Agent, Album, AlbumInfo, Artist, ArtistInfo, ArtistRef, Bookmark, Bytes, Child, Contributor,
    Cue, CueLine, Directory, DiscTitle, Explicit, FolderArtist, FolderFinds, Genre, Hertz, Id,
    Images, Index, Indexes, ItemDate, Kilobits, Line, Lyrics, Millis, Movement, MusicFolder,
    NowPlaying, PlayQueue, Playlist, Rating, RelativePath, ReplayGain, Reported, Role, Seconds,
    Shelf, SonicMatch, State, Strand, Stream, StructuredLyrics, TaggedFinds, TranscodeDecision,
    User, Voice, Work,
};
use server::subsonic::{Node, catalogue, elements};

/// Markup, quotes, and letters of several lengths: what titles are made of.
const ODD: &str = "<R&B> \"Soulé\" 눈 \u{1F3B5}\u{7}";

/// An answered method, its answer with everything and with as little as there may be.
pub(crate) type Sample = (&'static str, Node, Node);

pub(crate) fn answers() -> Vec<Sample> {
    [browsing(), finds(), info(), playing(), lists(), accounts()].concat()
}

fn browsing() -> Vec<Sample> {
    let full = child();
    vec![
        ("getMusicFolders", elements::music_folders(&[folder()]), elements::music_folders(&[])),
        ("getIndexes", elements::indexes(&indexes()), elements::indexes(&Indexes::default())),
        ("getArtists", elements::artists(&shelf()), elements::artists(&Shelf::default())),
        (
            "getMusicDirectory",
            elements::directory(&directory()),
            elements::directory(&Directory::default()),
        ),
        ("getGenres", elements::genres(&[genre()]), elements::genres(&[])),
        (
            "getArtist",
            elements::artist(&artist(), &[album()]),
            elements::artist(&Artist::default(), &[]),
        ),
        ("getAlbum", elements::album(&album(), &[child()]), elements::album(&plain_album(), &[])),
        ("getSong", elements::song(&full), elements::song(&Child::default())),
    ]
}

fn finds() -> Vec<Sample> {
    let (songs, none) = ([child()], []);
    let tagged =
        TaggedFinds { artists: vec![artist()], albums: vec![album()], songs: vec![child()] };
    let by_folder =
        FolderFinds { artists: vec![folder_artist()], albums: vec![child()], songs: vec![child()] };
    let (no_tagged, no_folder) = (TaggedFinds::default(), FolderFinds::default());
    vec![
        ("getAlbumList", elements::album_list(&songs), elements::album_list(&none)),
        ("getAlbumList2", elements::album_list2(&[album()]), elements::album_list2(&[])),
        ("getRandomSongs", elements::random_songs(&songs), elements::random_songs(&none)),
        ("getSongsByGenre", elements::songs_by_genre(&songs), elements::songs_by_genre(&none)),
        ("getTopSongs", elements::top_songs(&songs), elements::top_songs(&none)),
        ("getSimilarSongs", elements::similar_songs(&songs), elements::similar_songs(&none)),
        ("getSimilarSongs2", elements::similar_songs2(&songs), elements::similar_songs2(&none)),
        ("getStarred", elements::starred(&by_folder), elements::starred(&no_folder)),
        ("getStarred2", elements::starred2(&tagged), elements::starred2(&no_tagged)),
        ("search2", elements::search2(&by_folder), elements::search2(&no_folder)),
        ("search3", elements::search3(&tagged), elements::search3(&no_tagged)),
    ]
}

fn info() -> Vec<Sample> {
    let album = AlbumInfo {
        notes: Some(ODD.to_owned()),
        music_brainz_id: Some("0b".to_owned()),
        last_fm_url: Some("https://last.example/a".to_owned()),
        images: images(),
    };
    let album = elements::album_info(&album);
    let no_album = elements::album_info(&AlbumInfo::default());
    vec![
        (
            "getArtistInfo",
            elements::artist_info(&artist_info(vec![folder_artist()])),
            elements::artist_info(&no_artist_info()),
        ),
        (
            "getArtistInfo2",
            elements::artist_info2(&artist_info(vec![artist()])),
            elements::artist_info2(&no_artist_info()),
        ),
        ("getAlbumInfo", album.clone(), no_album.clone()),
        ("getAlbumInfo2", album, no_album),
        ("getLyrics", elements::lyrics(&lyrics()), elements::lyrics(&Lyrics::default())),
        (
            "getLyricsBySongId",
            elements::lyrics_list(&[synced_lyrics(), plain_lyrics()]),
            elements::lyrics_list(&[]),
        ),
    ]
}

fn playing() -> Vec<Sample> {
    let queue = PlayQueue {
        current: Some(Id("s1".to_owned())),
        position: Millis(1_500),
        username: ODD.to_owned(),
        changed: NOW,
        changed_by: "Play".to_owned(),
        songs: vec![child()],
    };
    let by_index = PlayQueue {
        current: Some(0),
        position: queue.position,
        username: queue.username.clone(),
        changed: queue.changed,
        changed_by: queue.changed_by.clone(),
        songs: queue.songs.clone(),
    };
    let matches = elements::sonic_matches(&[sonic_match(Some(0.75)), sonic_match(None)]);
    let no_matches = elements::sonic_matches(&[]);
    vec![
        (
            "getNowPlaying",
            elements::now_playing(&[now_playing()]),
            elements::now_playing(&[NowPlaying {
                player_name: None,
                reported: None,
                ..now_playing()
            }]),
        ),
        ("getPlayQueue", elements::play_queue(&queue), elements::play_queue(&PlayQueue::default())),
        (
            "getPlayQueueByIndex",
            elements::play_queue_by_index(&by_index),
            elements::play_queue_by_index(&PlayQueue::default()),
        ),
        ("getBookmarks", elements::bookmarks(&[bookmark()]), elements::bookmarks(&[])),
        ("getSonicSimilarTracks", matches.clone(), no_matches.clone()),
        ("findSonicPath", matches, no_matches),
        (
            "getTranscodeDecision",
            elements::transcode_decision(&decision()),
            elements::transcode_decision(&TranscodeDecision::default()),
        ),
    ]
}

fn lists() -> Vec<Sample> {
    let with_songs = elements::playlist(&playlist(), &[child(), child()]);
    let without = elements::playlist(&Playlist::default(), &[]);
    let twice = |name, node: Node| (name, node.clone(), node);
    vec![
        ("getPlaylists", elements::playlists(&[playlist()]), elements::playlists(&[])),
        ("getPlaylist", with_songs.clone(), without.clone()),
        ("createPlaylist", with_songs, without),
        twice("getInternetRadioStations", elements::radio_stations()),
        twice("getPodcasts", elements::podcasts()),
        twice("getNewestPodcasts", elements::newest_podcasts()),
        twice("getShares", elements::shares()),
    ]
}

fn accounts() -> Vec<Sample> {
    let twice = |name, node: Node| (name, node.clone(), node);
    let no_one = User::default();
    vec![
        twice("getLicense", elements::license()),
        twice("tokenInfo", elements::token_info(ODD)),
        twice("getOpenSubsonicExtensions", catalogue::extensions()),
        ("getScanStatus", elements::scan_status(true, 42), elements::scan_status(false, 0)),
        ("startScan", elements::scan_status(true, u64::MAX), elements::scan_status(false, 0)),
        ("getUser", elements::user(&user()), elements::user(&no_one)),
        ("getUsers", elements::users(&[user()]), elements::users(&[])),
    ]
}

const NOW: Nanos = Nanos(1_763_999_111_222_333_444);

fn id(text: &str) -> Option<Id> {
    Some(Id(text.to_owned()))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn artist_ref() -> ArtistRef {
    ArtistRef { id: Id("ar1".to_owned()), name: ODD.to_owned() }
}

pub(crate) fn child() -> Child {
    Child {
        id: Id("s1".to_owned()),
        title: ODD.to_owned(),
        parent: id("al1"),
        album: some(ODD),
        artist: some(ODD),
        track: Some(7),
        year: Some(1977),
        genre: some("R&B"),
        cover_art: id("co1"),
        size: Some(Bytes(31_457_280)),
        content_type: some("audio/flac"),
        suffix: some("flac"),
        transcoded_content_type: some("audio/ogg"),
        transcoded_suffix: some("opus"),
        duration: Some(Seconds(247)),
        bit_rate: Some(Kilobits(1_016)),
        path: RelativePath::new("R&B/07 Song.flac"),
        user_rating: Rating::new(5),
        average_rating: Some(4.5),
        play_count: Some(12),
        disc_number: Some(1),
        created: Some(NOW),
        starred: Some(NOW),
        played: Some(NOW),
        album_id: id("al1"),
        artist_id: id("ar1"),
        ..opensubsonic()
    }
}

fn opensubsonic() -> Child {
    Child {
        bit_depth: Some(24),
        sampling_rate: Some(Hertz(96_000)),
        channel_count: Some(2),
        bpm: Some(120),
        comment: "line one\nline two\t.".to_owned(),
        sort_name: "rb".to_owned(),
        music_brainz_id: "189002e7-3285-4e2e-92a3-7f6c30d407a2".to_owned(),
        isrc: vec!["USSM18300073".to_owned()],
        genres: vec!["R&B".to_owned(), "Soul".to_owned()],
        artists: vec![artist_ref()],
        display_artist: ODD.to_owned(),
        album_artists: vec![artist_ref(), artist_ref()],
        display_album_artist: ODD.to_owned(),
        contributors: vec![Contributor {
            role: "performer".to_owned(),
            sub_role: some("bass"),
            artist: artist_ref(),
        }],
        display_composer: ODD.to_owned(),
        moods: vec!["slow".to_owned()],
        replay_gain: ReplayGain {
            track_gain: Some(-7.45),
            album_gain: Some(-6.0),
            track_peak: Some(1.0),
            album_peak: Some(1.004),
            base_gain: Some(0.0),
            fallback_gain: Some(-6.0),
        },
        explicit: Explicit::Clean,
        works: vec![Work { name: ODD.to_owned(), music_brainz_id: some("1a") }],
        movements: vec![Movement { name: ODD.to_owned(), number: Some(2), count: Some(4) }],
        groupings: vec!["Live".to_owned()],
        ..Child::default()
    }
}

pub(crate) fn plain_album() -> Album {
    Album {
        id: Id("al1".to_owned()),
        name: ODD.to_owned(),
        version: String::new(),
        artist: None,
        artist_id: None,
        cover_art: None,
        song_count: 0,
        duration: Seconds(0),
        play_count: None,
        created: NOW,
        starred: None,
        played: None,
        year: None,
        genre: None,
        user_rating: None,
        record_labels: Vec::new(),
        music_brainz_id: String::new(),
        genres: Vec::new(),
        artists: Vec::new(),
        display_artist: String::new(),
        release_types: Vec::new(),
        moods: Vec::new(),
        sort_name: String::new(),
        original_release_date: ItemDate::default(),
        release_date: ItemDate::default(),
        is_compilation: false,
        explicit: Explicit::Unknown,
        disc_titles: Vec::new(),
    }
}

fn album() -> Album {
    let date = ItemDate { year: Some(1977), month: Some(2), day: Some(29) };
    Album {
        version: "Deluxe".to_owned(),
        artist: some(ODD),
        artist_id: id("ar1"),
        cover_art: id("co1"),
        song_count: 12,
        duration: Seconds(2_400),
        play_count: Some(3),
        starred: Some(NOW),
        played: Some(NOW),
        year: Some(1977),
        genre: some("R&B"),
        user_rating: Rating::new(1),
        record_labels: vec!["Label & Sons".to_owned()],
        music_brainz_id: "2b".to_owned(),
        genres: vec!["R&B".to_owned()],
        artists: vec![artist_ref()],
        display_artist: ODD.to_owned(),
        release_types: vec!["Album".to_owned(), "Live".to_owned()],
        moods: vec!["slow".to_owned()],
        sort_name: "rb".to_owned(),
        original_release_date: date,
        release_date: date,
        is_compilation: true,
        explicit: Explicit::Explicit,
        disc_titles: vec![DiscTitle { disc: 1, title: ODD.to_owned(), cover_art: id("co2") }],
        ..plain_album()
    }
}

fn artist() -> Artist {
    Artist {
        id: Id("ar1".to_owned()),
        name: ODD.to_owned(),
        cover_art: id("co3"),
        image_url: some("https://music.example/ar1?size=300&x=1"),
        album_count: 1,
        starred: Some(NOW),
        music_brainz_id: "3c".to_owned(),
        sort_name: "rb".to_owned(),
        disambiguation: "the band".to_owned(),
        roles: vec!["artist".to_owned(), "composer".to_owned()],
    }
}

fn folder_artist() -> FolderArtist {
    FolderArtist {
        id: Id("f1".to_owned()),
        name: ODD.to_owned(),
        image_url: some("https://music.example/f1"),
        starred: Some(NOW),
        user_rating: Rating::new(3),
        average_rating: Some(3.5),
    }
}

fn artist_info<A>(similar: Vec<A>) -> ArtistInfo<A> {
    ArtistInfo {
        biography: some(ODD),
        music_brainz_id: some("4d"),
        last_fm_url: some("https://last.example/b?x=1&y=2"),
        images: images(),
        similar,
    }
}

fn no_artist_info<A>() -> ArtistInfo<A> {
    ArtistInfo {
        biography: None,
        music_brainz_id: None,
        last_fm_url: None,
        images: Images::default(),
        similar: Vec::new(),
    }
}

fn images() -> Images {
    let at = |size: u32| Some(format!("https://music.example/c?size={size}&v=1"));
    Images { small: at(64), medium: at(174), large: at(300) }
}

fn folder() -> MusicFolder {
    MusicFolder { id: 1, name: ODD.to_owned() }
}

fn genre() -> Genre {
    Genre { name: "R&B".to_owned(), song_count: 28, album_count: 6 }
}

fn shelf() -> Shelf {
    let index = vec![Index { name: "R".to_owned(), artists: vec![artist()] }];
    Shelf { ignored_articles: "The El La".to_owned(), index }
}

fn indexes() -> Indexes {
    Indexes {
        ignored_articles: "The El La".to_owned(),
        last_modified: NOW,
        shortcuts: vec![folder_artist()],
        index: vec![Index { name: "#".to_owned(), artists: vec![folder_artist()] }],
        children: vec![child()],
    }
}

fn directory() -> Directory {
    Directory {
        id: Id("f1".to_owned()),
        parent: id("f0"),
        name: ODD.to_owned(),
        starred: Some(NOW),
        user_rating: Rating::new(2),
        average_rating: Some(2.5),
        play_count: Some(9),
        children: vec![child()],
    }
}

fn lyrics() -> Lyrics {
    Lyrics { artist: some(ODD), title: some(ODD), text: "one\ntwo".to_owned() }
}

fn plain_lyrics() -> StructuredLyrics {
    StructuredLyrics {
        lang: "und".to_owned(),
        display_artist: None,
        display_title: None,
        offset_ms: 0,
        lines: vec![Line { start: None, text: ODD.to_owned() }],
        synced: false,
        strand: None,
    }
}

fn synced_lyrics() -> StructuredLyrics {
    let agent = Agent { id: "v1".to_owned(), role: Voice::Main, name: some(ODD) };
    let cue = Cue {
        start: Millis(1_000),
        end: Some(Millis(1_200)),
        byte_start: 0,
        byte_end: 2,
        text: "눈".to_owned(),
    };
    let line = CueLine {
        index: 0,
        start: Some(Millis(1_000)),
        end: Some(Millis(2_000)),
        text: "눈을".to_owned(),
        agent: some("v1"),
        cues: vec![cue],
    };
    StructuredLyrics {
        lang: "kor".to_owned(),
        display_artist: some(ODD),
        display_title: some(ODD),
        offset_ms: -100,
        lines: vec![Line { start: Some(Millis(1_000)), text: "눈을".to_owned() }],
        synced: true,
        strand: Some(Strand { role: Role::Main, agents: vec![agent], cue_lines: vec![line] }),
    }
}

fn now_playing() -> NowPlaying {
    let position = Millis(61_000);
    NowPlaying {
        song: child(),
        username: ODD.to_owned(),
        minutes_ago: 3,
        player_id: 1,
        player_name: some("Play on phone"),
        reported: Some(Reported { state: State::Playing, position, rate: 1.25 }),
    }
}

fn bookmark() -> Bookmark {
    Bookmark {
        position: Millis(61_000),
        username: "joe".to_owned(),
        comment: some(ODD),
        created: NOW,
        changed: NOW,
        song: child(),
    }
}

fn sonic_match(similarity: Option<f64>) -> SonicMatch {
    SonicMatch { song: child(), similarity }
}

fn playlist() -> Playlist {
    Playlist {
        id: Id("p1".to_owned()),
        name: ODD.to_owned(),
        comment: some(ODD),
        owner: some("joe"),
        public: true,
        song_count: 2,
        duration: Seconds(494),
        created: NOW,
        changed: NOW,
        cover_art: id("co4"),
        allowed_users: vec!["ann".to_owned()],
        readonly: true,
        valid_until: Some(NOW),
    }
}

fn decision() -> TranscodeDecision {
    let stream = Stream {
        container: "flac".to_owned(),
        codec: "flac".to_owned(),
        channels: Some(2),
        bit_rate: Some(3_000_000),
        profile: some("LC"),
        sampling_rate: Some(Hertz(96_000)),
        bit_depth: Some(24),
    };
    TranscodeDecision {
        can_direct_play: false,
        can_transcode: true,
        transcode_reasons: vec!["AudioCodecNotSupported"],
        error_reason: Some("none of the profiles"),
        transcode_params: some("opus:128"),
        source: Some(stream.clone()),
        transcoded: Some(stream),
    }
}

fn user() -> User {
    User {
        username: ODD.to_owned(),
        scrobbling: true,
        max_bit_rate: Some(Kilobits(320)),
        admin: true,
        settings: true,
        download: true,
        upload: true,
        playlist: true,
        cover_art: true,
        comment: true,
        stream: true,
        jukebox: false,
        share: false,
        avatar_changed: Some(NOW),
        folders: vec![1, 2],
    }
}
