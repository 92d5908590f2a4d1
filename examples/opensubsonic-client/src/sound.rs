//! Files, what is made of them, pictures and words.

use futures_util::TryStreamExt;
use opensubsonic::data::{ClientInfo, DirectPlayProfile, TranscodeMediaType, TranscodingProfile};
use opensubsonic::{ByteStream, Error, StreamOptions, SubsonicErrorCode};

use crate::checks::{Held, answer};
use crate::{Music, Session};

async fn gathered(stream: Result<ByteStream, Error>) -> Result<Vec<u8>, Error> {
    let pieces: Vec<_> = stream?.try_collect().await?;
    Ok(pieces.concat())
}

/// What stands behind an address that the crate hands to players, or some bytes of it.
async fn fetched(address: String, range: Option<&str>) -> Result<(u16, Vec<u8>), Error> {
    let mut asked = reqwest::Client::new().get(address);
    if let Some(range) = range {
        asked = asked.header("Range", range);
    }
    let response = asked.send().await?;
    Ok((response.status().as_u16(), response.bytes().await?.to_vec()))
}

pub async fn files(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let mut whole = Vec::new();
    for song in &music.songs {
        let file = answer("download", client.download(&song.id).await)?;
        let what = format!("{}: as many bytes as it says", song.title);
        checks.equal("download", &what, file.len() as i64, song.size.unwrap_or_default())?;
        let plain = StreamOptions::new();
        let heard = answer("stream", client.stream(&song.id, &plain).await)?;
        checks.that("stream", &format!("{}: the same bytes", song.title), heard == file)?;
        if song.id == music.song.id {
            whole = file.to_vec();
        }
    }
    let id = &music.song.id;
    let pieces = gathered(client.stream_chunked(id, &StreamOptions::new()).await).await;
    let pieces = answer("stream", pieces)?;
    checks.that("stream", "in pieces: the same bytes", pieces == whole)?;
    let pieces = gathered(client.download_chunked(id).await).await;
    checks.that("download", "in pieces: the same bytes", answer("download", pieces)? == whole)?;

    let address = answer("stream", client.stream_url(id, &StreamOptions::new()))?.to_string();
    let (status, part) = answer("stream", fetched(address.clone(), Some("bytes=10-19")).await)?;
    checks.equal("stream", "a part, by its status", status, 206)?;
    checks.equal("stream", "a part, by its bytes", &part[..], &whole[10..20])?;
    let (_, part) = answer("stream", fetched(address.clone(), Some("bytes=-7")).await)?;
    checks.equal("stream", "the last bytes", &part[..], &whole[whole.len() - 7..])?;
    let beyond = format!("bytes={}-", whole.len());
    let (status, _) = answer("stream", fetched(address, Some(&beyond)).await)?;
    checks.equal("stream", "nothing beyond the end", status, 416)?;
    let archive = answer("download", client.download(&music.album.id).await)?;
    let is_archive = archive.starts_with(b"PK") && archive.windows(whole.len()).any(|w| w == whole);
    checks.that("download", "an album, the song in it as it is", is_archive)?;
    let nobody = client.stream("tr-999999999", &StreamOptions::new()).await;
    checks.refused("stream", "no such song", nobody, SubsonicErrorCode::NotFound)
}

fn is_mp3(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ID3") || matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0)
}

/// A client that plays nothing as it is, and wants what it plays to be made so.
fn device(plays: &str, wants: &str) -> ClientInfo {
    let plays = DirectPlayProfile {
        containers: vec![plays.to_owned()],
        audio_codecs: vec![plays.to_owned()],
        protocols: vec!["http".to_owned()],
        max_audio_channels: None,
    };
    let wants = TranscodingProfile {
        container: wants.to_owned(),
        audio_codec: wants.to_owned(),
        protocol: "http".to_owned(),
        max_audio_channels: None,
    };
    ClientInfo {
        name: "opensubsonic-client".to_owned(),
        platform: "none".to_owned(),
        direct_play_profiles: vec![plays],
        transcoding_profiles: vec![wants],
        ..ClientInfo::default()
    }
}

pub async fn transcoded(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let song = &music.song;
    let options = StreamOptions::new().format("mp3").max_bit_rate(64);
    let made = answer("stream", client.stream(&song.id, &options).await)?;
    checks.that("stream", "made into MP3", is_mp3(&made))?;
    // 64 kbit/s are 8,000 bytes a second; some more for the frames around it.
    let expected = song.duration.unwrap_or_default() * 8_000;
    let is_near =
        (expected * 9 / 10 - 8_000..expected * 11 / 10 + 8_000).contains(&(made.len() as i64));
    checks.that("stream", "at the rate asked for", is_near)?;
    let later = StreamOptions::new().format("mp3").max_bit_rate(64).time_offset(1);
    let later = answer("stream", client.stream(&song.id, &later).await)?;
    let less = made.len() as i64 - later.len() as i64;
    checks.that("stream", "a second less from a second on", (6_000..=10_000).contains(&less))?;

    let kind = TranscodeMediaType::Song;
    let suffix = song.suffix.clone().unwrap_or_default();
    let can = client.get_transcode_decision(&song.id, kind, &device(&suffix, "mp3")).await;
    let can = answer("getTranscodeDecision", can)?;
    checks.that("getTranscodeDecision", "what it plays it gets as it is", can.can_direct_play)?;
    let source = can.source_stream.unwrap_or_default();
    checks.equal("getTranscodeDecision", "what it is", &source.container, &suffix)?;
    let cannot = client.get_transcode_decision(&song.id, kind, &device("none", "mp3")).await;
    let cannot = answer("getTranscodeDecision", cannot)?;
    let is_right = cannot.can_transcode && !cannot.can_direct_play;
    checks.that("getTranscodeDecision", "what it does not play is made for it", is_right)?;
    checks.that("getTranscodeDecision", "and why", !cannot.transcode_reason.is_empty())?;
    let becomes = cannot.transcode_stream.unwrap_or_default();
    checks.equal("getTranscodeDecision", "into what", &*becomes.codec, "mp3")?;
    let ticket = cannot.transcode_params.unwrap_or_default();
    let made = answer(
        "getTranscodeStream",
        client.get_transcode_stream(&song.id, kind, &ticket, None).await,
    )?;
    checks.that("getTranscodeStream", "what was decided", is_mp3(&made))?;
    let pieces = client.get_transcode_stream_chunked(&song.id, kind, &ticket, None).await;
    let pieces = answer("getTranscodeStream", gathered(pieces).await)?;
    checks.that("getTranscodeStream", "in pieces: the same bytes", pieces == made)?;
    let address = client.get_transcode_stream_url(&song.id, kind, &ticket, Some(1));
    let address = answer("getTranscodeStream", address)?.to_string();
    let (status, later) = answer("getTranscodeStream", fetched(address, None).await)?;
    let is_shorter = status == 200 && is_mp3(&later) && later.len() < made.len();
    checks.that("getTranscodeStream", "from a second on", is_shorter)
}

fn is_picture(bytes: &[u8]) -> bool {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    is_webp || bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff")
}

pub async fn pictures(session: &mut Session, music: &Music) -> Held {
    let Session { client, user, checks, .. } = session;
    let Some(id) = &music.album.cover_art else { return Ok(()) };
    let whole = answer("getCoverArt", client.get_cover_art(id, None).await)?;
    checks.that("getCoverArt", "the album has a picture", is_picture(&whole))?;
    let small = answer("getCoverArt", client.get_cover_art(id, Some(64)).await)?;
    let is_smaller = is_picture(&small) && small.len() < whole.len();
    checks.that("getCoverArt", "a smaller one", is_smaller)?;
    let of_song = music.song.cover_art.clone().unwrap_or_default();
    let of_song = answer("getCoverArt", client.get_cover_art(&of_song, None).await)?;
    checks.that("getCoverArt", "its song has the same", of_song == whole)?;
    let address = answer("getCoverArt", client.cover_art_url(id, None))?.to_string();
    let (_, fetched) = answer("getCoverArt", fetched(address, None).await)?;
    checks.that("getCoverArt", "at the address for players", fetched == whole)?;
    // Nobody has a picture of themselves here.
    let avatar = client.get_avatar(user).await;
    checks.refused("getAvatar", "nobody has one", avatar, SubsonicErrorCode::NotFound)
}

pub async fn lyrics(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let song = &music.song;
    let by_id = client.get_lyrics_by_song_id(&song.id, None).await;
    let by_id = answer("getLyricsBySongId", by_id)?.structured_lyrics;
    let old = client.get_lyrics(song.artist.as_deref(), Some(&song.title)).await;
    let old = answer("getLyrics", old)?;
    let Some(words) = by_id.first() else {
        return checks.equal(
            "getLyrics",
            "none, as by id",
            old.value.unwrap_or_default(),
            String::new(),
        );
    };
    checks.equal("getLyricsBySongId", "whose", words.display_title.as_ref(), Some(&song.title))?;
    let starts: Vec<f64> = words.line.iter().filter_map(|line| line.start).collect();
    let expected = if words.synced { words.line.len() } else { 0 };
    checks.equal("getLyricsBySongId", "lines have times if any has", starts.len(), expected)?;
    checks.that("getLyricsBySongId", "in order", starts.is_sorted())?;
    let lines: Vec<&str> = words.line.iter().map(|line| &*line.value).collect();
    checks.equal("getLyrics", "the same words", old.value, Some(lines.join("\n")))
}
