//! The queue: who may order, whose turn it is, what is cancelled, what survives an end.

use std::fs;
use std::time::Duration;

use studio::desk::{Job, Limits, Request, SongOrder, State};
use studio::{Error, JobId, starter};

use crate::house::{
    Cut, House, ONE, TWO, all, ended, finished, is_absent, place, playing, short, wait_for,
};

#[test]
fn an_order_that_cannot_be_made_is_refused_before_it_waits() {
    let house = House::new();
    let desk = house.desk_within(Limits { longest_s: 120.0, ..Limits::default() });
    let with = |change: fn(&mut SongOrder)| {
        let mut order = short(1);
        change(&mut order);
        desk.order(ONE, &order).unwrap_err()
    };
    assert!(matches!(with(|o| o.key = Some("H sharp".to_owned())), Error::Order(_)));
    assert!(matches!(with(|o| o.target = Some("radio".to_owned())), Error::Order(_)));
    assert!(matches!(with(|o| o.genre = Some("polka".to_owned())), Error::Composition(_)));
    assert!(matches!(with(|o| o.bpm = Some(1_000.0)), Error::Composition(_)));
    assert!(matches!(with(|o| o.duration_seconds = Some(3.0)), Error::Composition(_)));
    assert!(matches!(with(|o| o.duration_seconds = Some(121.0)), Error::OutOfRange { .. }));
    assert!(matches!(with(|o| o.title = Some(" ".to_owned())), Error::OutOfRange { .. }));
    assert!(matches!(with(|o| o.artist = Some("a".repeat(201))), Error::OutOfRange { .. }));
    assert!(matches!(with(|o| o.sentence = "la ".repeat(1_000)), Error::Composition(_)));
    assert!(all(&desk, ONE).is_empty());
    let read = |text| Request::parse(text);
    let jazz = SongOrder { sentence: "jazz".to_owned(), ..SongOrder::default() };
    assert_eq!(read(r#"{"song": {"sentence": "jazz"}}"#).unwrap(), Request::Song(jazz));
    for unknown in [
        r#"{"song": {"sentence": "jazz", "out": "/etc"}}"#,
        r#"{"song": {"seed": 3}}"#,
        r#"{"stem": 1}"#,
    ] {
        assert!(matches!(read(unknown), Err(Error::Order(_))), "{unknown}");
    }
}

#[test]
fn a_user_may_order_so_much_and_no_more() {
    let house = House::new();
    let limits = Limits { waiting: 2, waiting_in_all: 3, songs_a_day: 4, ..Limits::default() };
    let desk = house.desk_within(limits);
    let first = desk.order(ONE, &short(1)).unwrap();
    wait_for(&desk, &first, playing);
    let second = desk.order(ONE, &short(2)).unwrap();
    let refused = |outcome, wanted| match outcome {
        Err(Error::TooMany { what, .. }) => assert_eq!(what, wanted),
        other => panic!("{other:?}"),
    };
    refused(desk.order(ONE, &short(3)), "jobs waiting of yours");
    let others = desk.order(TWO, &short(4)).unwrap();
    refused(desk.order(TWO, &short(5)), "jobs waiting");
    // Taken back before it was begun, it cost nothing; the one that was begun did.
    assert_eq!(desk.cancel(ONE, second.id).unwrap().state, State::Cancelled);
    for _ in 0..5 {
        let more = desk.order(ONE, &short(3)).unwrap();
        desk.cancel(ONE, more.id).unwrap();
    }
    house.sql("UPDATE job SET started = created WHERE user = 1");
    refused(desk.order(ONE, &short(3)), "songs of yours in a day");
    house.sql("UPDATE job SET created = created - 86400000000001");
    desk.order(ONE, &short(3)).unwrap();
    for job in [others.id, first.id] {
        desk.cancel(if job == first.id { ONE } else { TWO }, job).unwrap();
    }
}

#[test]
fn users_take_turns() {
    let house = House::new();
    let desk = house.desk();
    let events = desk.listen().unwrap();
    let jobs = [
        desk.order(ONE, &short(1)).unwrap(),
        desk.order(ONE, &short(2)).unwrap(),
        desk.order(ONE, &short(3)).unwrap(),
        desk.order(TWO, &short(4)).unwrap(),
        desk.order(TWO, &short(5)).unwrap(),
    ];
    let mut begun: Vec<JobId> = Vec::new();
    let mut over = 0;
    while over < jobs.len() {
        let event = events.next(Duration::from_secs(60)).unwrap();
        match event.state {
            // The first is held until all are there.
            State::Making { .. } if !begun.contains(&event.job) => {
                begun.push(event.job);
                desk.cancel(event.owner, event.job).unwrap();
            }
            State::Cancelled => over += 1,
            _ => {}
        }
    }
    let order = [0, 3, 1, 4, 2].map(|index: usize| jobs[index].id);
    assert_eq!(begun, order);
}

#[test]
fn a_job_that_is_cancelled_stops_and_leaves_nothing() {
    let house = House::new();
    let desk = house.desk();
    let job = desk.order(ONE, &short(1)).unwrap();
    wait_for(&desk, &job, playing);
    desk.cancel(ONE, job.id).unwrap();
    let job = wait_for(&desk, &job, ended);
    assert_eq!(job.state, State::Cancelled);
    assert!(job.ended.is_some() && job.title.is_none());
    assert_eq!(desk.cancel(ONE, job.id).unwrap(), job);
    assert!(matches!(desk.files(ONE, job.id), Err(Error::Unfinished)));
    assert_eq!(house.count("SELECT count(*) FROM artifact"), 0);
    assert!(crate::house::files(&house.composed()).is_empty());
    assert!(crate::house::files(&house.dir.path().join("files/work")).is_empty());
}

#[test]
fn a_desk_that_closes_gives_its_job_back_and_the_next_one_finishes_it() {
    let house = House::new();
    let desk = house.desk();
    let events = desk.listen().unwrap();
    let job = desk.order(ONE, &short(1)).unwrap();
    wait_for(&desk, &job, playing);
    drop(desk);
    while events.next(Duration::ZERO).is_some() {}
    assert!(events.is_over());
    assert_eq!(house.count("SELECT count(*) FROM job WHERE state = 'queued'"), 1);
    let desk = house.desk();
    let job = finished(&desk, &job);
    assert_eq!(job.attempts, 0, "closing is no fault of the job");
    assert_eq!(place(&job).1, 1);
}

#[test]
fn a_job_cut_off_by_a_cut_of_the_power_is_made_at_the_next_start() {
    let house = House::new();
    let desk = house.desk();
    let job = desk.order(ONE, &short(1)).unwrap();
    wait_for(&desk, &job, playing);
    let cut = Cut::of(&house, "");
    let often = Cut::of(&house, "UPDATE job SET attempts = 2");
    let unwanted = Cut::of(&house, "UPDATE job SET cancelling = 1");
    let whole = finished(&desk, &job);
    drop(desk);

    let desk = cut.house.desk();
    let again = finished(&desk, &job);
    assert_eq!(again.attempts, 1);
    assert_eq!(again.order, whole.order);
    let sum = |house: &House| {
        let store = &house.artifacts;
        let files = store.of_version(ONE, studio::SongId(1), 1).unwrap();
        files.into_iter().map(|file| (file.name, file.sum)).collect::<Vec<_>>()
    };
    assert_eq!(sum(&house), sum(&cut.house));

    let desk = often.house.desk();
    let State::Failed { reason } = desk.job(ONE, job.id).unwrap().state else { panic!() };
    assert_eq!(reason, "the program ended 3 times while it was made");
    let desk = unwanted.house.desk();
    assert_eq!(desk.job(ONE, job.id).unwrap().state, State::Cancelled);
}

#[test]
fn a_folder_that_refuses_fails_the_job_and_harms_nothing() {
    let house = House::new();
    let desk = house.desk();
    let job = desk.order(ONE, &short(1)).unwrap();
    fs::remove_dir(house.composed()).unwrap();
    fs::write(house.composed(), "no folder").unwrap();
    let job = wait_for(&desk, &job, ended);
    let State::Failed { reason } = &job.state else { panic!("{job:?}") };
    assert!(!reason.contains('/'), "no path is told to users: {reason}");
    assert!(desk.detail(job.id).unwrap().unwrap().contains("composed"));
    assert!(is_absent(&desk.detail(JobId(99))));
    house.store.check().unwrap();
    for table in ["artifact", "song"] {
        assert_eq!(house.count(&format!("SELECT count(*) FROM {table}")), 0);
    }
    assert!(house.artifacts.collect().unwrap().objects > 5);
    fs::remove_file(house.composed()).unwrap();
    fs::create_dir(house.composed()).unwrap();
    let again = desk.order(ONE, &short(1)).unwrap();
    finished(&desk, &again);
}

#[test]
fn a_song_for_which_there_is_no_room_is_none() {
    let limits = studio::artifact::Limits { user_bytes: 1_000_000, ..Default::default() };
    let house = House::with(crate::house::now, limits);
    let desk = house.desk();
    let job = desk.order(ONE, &short(1)).unwrap();
    let job = wait_for(&desk, &job, ended);
    let State::Failed { reason } = &job.state else { panic!("{job:?}") };
    assert!(reason.contains("no room"), "{reason}");
    assert_eq!(house.artifacts.used(ONE).unwrap(), 0);
    assert!(crate::house::files(&house.composed()).is_empty());
}

#[test]
fn a_history_is_its_owners_and_comes_in_pages() {
    let house = House::new();
    let desk = house.desk_within(Limits { waiting: 20, ..Limits::default() });
    let order = |owner, seed| {
        let job = desk.order(owner, &short(seed)).unwrap();
        desk.cancel(owner, job.id).unwrap()
    };
    let own: Vec<Job> = (0..7).map(|seed| order(ONE, seed)).collect();
    let others = order(TWO, 8);
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = desk.history(ONE, before, 3).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        pages.push(page.iter().map(|job| job.id).collect::<Vec<_>>());
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let wanted: Vec<JobId> = own.iter().rev().map(|job| job.id).collect();
    assert_eq!(pages.concat(), wanted);
    assert_eq!(desk.history_of_all(None, 1).unwrap()[0].id, others.id);
    assert_eq!(desk.history_of_all(None, 1_000).unwrap().len(), 8);
    assert_eq!(own[0].order, Some(Request::Song(short(0))));
    assert!(is_absent(&desk.job(TWO, own[0].id)) && is_absent(&desk.cancel(TWO, own[0].id)));
    assert!(is_absent(&desk.files(TWO, own[0].id)));
}

#[test]
fn the_starter_set_is_three_songs_that_are_what_was_asked() {
    let house = House::new();
    let desk = house.desk();
    let orders = starter::orders();
    let jobs = orders.each_ref().map(|order| desk.order(ONE, order).unwrap());
    let mut genres = std::collections::BTreeSet::new();
    for (job, order) in jobs.iter().zip(&orders) {
        let seconds = order.duration_seconds.unwrap();
        assert!((60.0..=90.0).contains(&seconds));
        let job = finished(&desk, job);
        assert!(matches!(job.state, State::Finished { passed: true, .. }), "{job:?}");
        genres.insert(order.genre.clone());
    }
    assert_eq!((genres.len(), crate::house::files(&house.composed()).len()), (3, 3));
}
