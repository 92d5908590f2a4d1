//! What the server has not: it says so, and its lists are empty.

use opensubsonic::{JukeboxAction, JukeboxOptions, SearchOptions, SubsonicErrorCode};

use crate::checks::{Held, answer};
use crate::{Music, Session};

pub async fn all(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let song = &*music.song.id;
    let what = "an empty list";
    let shares = answer("getShares", client.get_shares().await)?;
    checks.that("getShares", what, shares.is_empty())?;
    let podcasts = answer("getPodcasts", client.get_podcasts(Some(true), None).await)?;
    checks.that("getPodcasts", what, podcasts.is_empty())?;
    let newest = answer("getNewestPodcasts", client.get_newest_podcasts(Some(5)).await)?;
    checks.that("getNewestPodcasts", what, newest.is_empty())?;
    let stations = client.get_internet_radio_stations().await;
    let stations = answer("getInternetRadioStations", stations)?;
    checks.that("getInternetRadioStations", what, stations.is_empty())?;

    let (code, what) = (SubsonicErrorCode::Generic, "is refused in the protocol's way");
    let url = "https://example.org/";
    checks.refused("createShare", what, client.create_share(&[song], None, None).await, code)?;
    checks.refused("updateShare", what, client.update_share("1", None, None).await, code)?;
    checks.refused("deleteShare", what, client.delete_share("1").await, code)?;
    checks.refused("getPodcastEpisode", what, client.get_podcast_episode("1").await, code)?;
    checks.refused("refreshPodcasts", what, client.refresh_podcasts().await, code)?;
    checks.refused("createPodcastChannel", what, client.create_podcast_channel(url).await, code)?;
    checks.refused("deletePodcastChannel", what, client.delete_podcast_channel("1").await, code)?;
    checks.refused("deletePodcastEpisode", what, client.delete_podcast_episode("1").await, code)?;
    let fetched = client.download_podcast_episode("1").await;
    checks.refused("downloadPodcastEpisode", what, fetched, code)?;
    let made = client.create_internet_radio_station(url, "a station", None).await;
    checks.refused("createInternetRadioStation", what, made, code)?;
    let changed = client.update_internet_radio_station("1", url, "a station", None).await;
    checks.refused("updateInternetRadioStation", what, changed, code)?;
    let removed = client.delete_internet_radio_station("1").await;
    checks.refused("deleteInternetRadioStation", what, removed, code)?;
    let jukebox = client.jukebox_control(JukeboxAction::Status, &JukeboxOptions::new()).await;
    checks.refused("jukeboxControl", what, jukebox, code)?;

    checks.gone("getVideos", client.get_videos().await)?;
    checks.gone("getVideoInfo", client.get_video_info("1").await)?;
    checks.gone("getCaptions", client.get_captions("1", None).await)?;
    checks.gone("getChatMessages", client.get_chat_messages(None).await)?;
    checks.gone("addChatMessage", client.add_chat_message("hello").await)?;
    checks.gone("search", client.search(&SearchOptions::new().any("a")).await)
}
