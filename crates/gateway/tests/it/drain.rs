use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::ask;
use crate::house::House;

#[test]
fn what_is_in_flight_ends_while_nothing_new_begins() {
    let mut house = House::empty();
    let at = house.at;
    let slow = std::thread::spawn(move || ask(at, "GET", "/slow", &[], ""));
    let dots = std::thread::spawn(move || ask(at, "GET", "/dots", &[], ""));
    let mut idle = TcpStream::connect(at).unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(house.get("/readyz", &[]).status, 200);
    house.drain.begin();
    let unready = house.get("/readyz", &[]);
    assert_eq!((unready.status, unready.json()["reason"].as_str()), (503, Some("stopping")));
    let refused = house.get("/nothing", &[]);
    refused.problem(503);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refused.header("connection"), Some("close"));
    assert_eq!(idle.read(&mut [0]).unwrap(), 0);
    assert_eq!(slow.join().unwrap().body, "whole");
    assert_eq!(dots.join().unwrap().body, "..........");
    house.ended();
    assert!(TcpStream::connect(at).is_err());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test bounds the time that is taken")]
fn what_does_not_end_in_time_is_cut_off() {
    let mut house = House::with(|settings, _| {
        settings.limits.drain_time = Duration::from_millis(200);
    });
    let mut stream = TcpStream::connect(house.at).unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    house.drain.begin();
    house.ended();
    assert!(began.elapsed() < Duration::from_millis(800));
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.is_empty());
}

/// A process of its own is told to stop by the operating system: the test starts itself again.
#[cfg(unix)]
#[test]
fn a_signal_to_stop_is_heard() {
    if std::env::var_os("GATEWAY_WAITS_FOR_A_SIGNAL").is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut asked = Box::pin(gateway::asked_to_stop());
            // Once polled it listens.
            let first = tokio::time::timeout(Duration::from_millis(10), &mut asked).await;
            assert!(first.is_err());
            println!("listening");
            asked.await.unwrap();
        });
        return;
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "drain::a_signal_to_stop_is_heard", "--nocapture"])
        .env("GATEWAY_WAITS_FOR_A_SIGNAL", "1")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut output = child.stdout.take().unwrap();
    while !said.contains("listening") {
        let mut byte = [0];
        output.read_exact(&mut byte).unwrap();
        said.push(char::from(byte[0]));
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}
