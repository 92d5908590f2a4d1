"""Every call of py-opensonic for what this server answers: its types refuse another shape.

Usage: opensonic.py URL USER KEY
"""

import asyncio
import sys
from urllib.parse import urlsplit

import libopensonic
from libopensonic import errors

url, user, key = sys.argv[1:]
place = urlsplit(url)
base = f"{place.scheme}://{place.hostname}"
calls = 0


def expect(truth, what):
    global calls
    calls += 1
    if not truth:
        raise SystemExit(f"py-opensonic: {what}")


def refused(code, call, what):
    global calls
    calls += 1
    try:
        call()
    except code:
        return
    raise SystemExit(f"py-opensonic: {what} was not refused")


def browse(c):
    expect(c.ping(), "ping")
    expect(c.get_license(), "license")
    expect(c.get_open_subsonic_extensions(), "extensions")
    expect(c.token_info().username == user, "token info")
    # py-opensonic 10.4.1 takes "musicFolders" itself for the list that the published description puts
    # inside it as "musicFolder", and can read no server's answer; schemathesis holds this one.
    indexes = c.get_indexes()
    expect(indexes.index, "indexes")
    artists = c.get_artists()
    artist_id = artists.index[0].artist[0].id
    artist = c.get_artist(artist_id)
    expect(artist.album_count >= 1 and artist.album, "an artist has albums")
    c.get_artist_info(artist_id)
    c.get_artist_info2(artist_id)
    album = c.get_album(artist.album[0].id)
    expect(album.song and album.song_count == len(album.song), "an album has its songs")
    c.get_album_info(album.id)
    c.get_album_info2(album.id)
    song = c.get_song(album.song[0].id)
    expect(song.title == album.song[0].title, "a song is the one of its album")
    directory = c.get_music_directory(song.parent)
    expect(any(child.id == song.id for child in directory.child), "a folder has its song")
    for kind in ("random newest frequent recent starred highest alphabeticalByName "
                 "alphabeticalByArtist").split():
        c.get_album_list(kind)
        c.get_album_list2(kind, size=500)
    c.get_album_list2("byYear", from_year=2030, to_year=1950)
    genres = c.get_genres()
    if genres:
        c.get_album_list2("byGenre", genre=genres[0].value)
        expect(c.get_songs_by_genre(genres[0].value), "a genre has songs")
    expect(c.get_random_songs(size=5), "random songs")
    expect(c.search2("").song, "search2 of nothing finds everything")
    everything = c.search3('""', song_count=500)
    expect(everything.song and everything.album, "search3 of two quotes finds everything")
    named = c.search3(song.title.split()[0])
    expect(any(found.id == song.id for found in named.song), "a song is found by its title")
    expect(not c.search3("a", artist_count=0, album_count=0, song_count=0).song, "a count of 0")
    c.get_top_songs(artist.name)
    c.get_lyrics(artist=artist.name, title=song.title)
    c.get_lyrics_by_song_id(song.id)
    c.get_similar_songs(song.id)
    c.get_similar_songs2(artist_id)
    c.get_sonic_similar_tracks(song.id)
    c.find_sonic_path(song.id, everything.song[-1].id)
    for empty in (c.get_internet_radio_stations, c.get_podcasts, c.get_newest_podcasts, c.get_shares):
        expect(empty() == [], "an empty list")
    return artist, album, song, everything.song


def mark(c, artist, album, song, played):
    expect(c.star(sids=[song.id], album_ids=[album.id], artist_ids=[artist.id]), "star")
    starred = c.get_starred2()
    expect(starred.song[0].id == song.id and starred.song[0].starred, "a starred song")
    expect(starred.album[0].id == album.id and starred.artist[0].id == artist.id, "starred things")
    expect(c.get_starred().song[0].id == song.id, "a starred song of getStarred")
    expect(c.unstar(sids=[song.id], album_ids=[album.id], artist_ids=[artist.id]), "unstar")
    expect(not c.get_starred2().song, "nothing is starred")
    expect(c.set_rating(song.id, 4), "setRating")
    expect(c.get_song(song.id).user_rating == 4, "a rating")
    expect(c.set_rating(song.id, 0), "a rating taken back")
    # A play of the same song a moment later is the same play, so each round plays another one.
    before = c.get_song(played.id).play_count or 0
    expect(c.scrobble(played.id, submission=False), "now playing")
    expect(c.get_now_playing()[0].id == played.id, "what plays now")
    expect(c.scrobble(played.id), "scrobble")
    expect(c.scrobble(played.id), "scrobble, told twice")
    expect(c.get_song(played.id).play_count == before + 1, "a play counts once")
    expect(c.report_playback(song.id, "song", 0, "starting"), "reportPlayback")
    expect(c.report_playback(song.id, "song", 0, "stopped"), "reportPlayback")
    expect(c.get_album_list2("recent")[0].id == played.album_id, "the album played last")


def lists(c, songs):
    ids = [song.id for song in songs[:4]]
    expect(c.create_playlist(name="conformance", song_ids=ids), "createPlaylist")
    made = [p for p in c.get_playlists() if p.name == "conformance"][0]
    playlist = c.get_playlist(made.id)
    expect([s.id for s in playlist.entry] == ids, "a playlist keeps its order")
    expect(c.update_playlist(made.id, name="renamed", song_ids_to_add=[ids[0]],
                             song_indices_to_remove=[1]), "updatePlaylist")
    playlist = c.get_playlist(made.id)
    expect([s.id for s in playlist.entry] == [ids[0], *ids[2:], ids[0]], "an edited playlist")
    expect(playlist.name == "renamed", "a renamed playlist")
    expect(c.delete_playlist(made.id), "deletePlaylist")
    refused(errors.DataNotFoundError, lambda: c.get_playlist(made.id), "a deleted playlist")
    expect(c.save_play_queue(ids, current=ids[1], position=1234), "savePlayQueue")
    queue = c.get_play_queue()
    expect(queue.current == ids[1] and queue.position == 1234, "the place in a queue")
    expect(c.save_play_queue_by_index(ids, current_index=2, position=99), "savePlayQueueByIndex")
    expect(c.get_play_queue_by_index().current_index == 2, "the place in a queue, by index")
    expect(c.create_bookmark(ids[0], 5000, "here"), "createBookmark")
    expect(c.get_bookmarks()[0].position == 5000, "a bookmark")
    expect(c.delete_bookmark(ids[0]), "deleteBookmark")
    expect(c.get_bookmarks() == [], "no bookmark")


def people(c):
    expect(c.get_user(user).admin_role, "an admin")
    expect(c.create_user("carol", "a password for carol", "carol@example.org"), "createUser")
    expect("carol" in [u.username for u in c.get_users()], "users")
    expect(c.update_user("carol", admin_role=False), "updateUser")
    expect(c.change_password("carol", "another one for carol"), "changePassword")
    expect(c.delete_user("carol"), "deleteUser")
    refused(errors.DataNotFoundError, lambda: c.get_user("carol"), "a deleted user")
    expect(c.get_scan_status() is not None, "getScanStatus")
    expect(c.start_scan() is not None, "startScan")


def read(c, answer):
    return asyncio.run_coroutine_threadsafe(answer.read(), c._loop).result()


def sound(c, song):
    whole = read(c, c.download(song.id))
    expect(len(whole) == song.size, "a download is the whole file")
    part = read(c, c.stream(song.id, byte_range="bytes=10-19"))
    expect(part == whole[10:20], "a part of a file")
    made = read(c, c.stream(song.id, tformat="mp3", max_bit_rate=64))
    expect(len(made) > 1000 and made != whole, "a transcoded stream")
    client = {"name": "conformance", "platform": "none", "directPlayProfiles": [],
              "transcodingProfiles": [
                  {"container": "flac", "audioCodec": "flac", "protocol": "http"}]}
    decision = c.get_transcode_decision(song.id, "song", client)
    expect(decision.can_transcode and not decision.can_direct_play, "a decision")
    made = read(c, c.get_transcode_stream(song.id, "song", decision.transcode_params))
    expect(made[:4] == b"fLaC", "a transcoded stream in FLAC")


rounds = ({"username": user, "password": key},
          {"username": user, "password": key, "legacy_auth": True, "use_get": True},
          {"api_key": key, "use_views": False})
for n, options in enumerate(rounds):
    c = libopensonic.Connection(base, port=place.port, **options)
    artist, album, song, songs = browse(c)
    mark(c, artist, album, song, songs[n])
    lists(c, songs)
    people(c)
    sound(c, song)
    c.cleanup()

wrong = libopensonic.Connection(base, port=place.port, username=user, password="wrong")
refused(errors.CredentialError, wrong.ping, "a wrong password")
wrong.cleanup()
print(f"py-opensonic: {calls} passed, 0 failed")
