use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use gateway::Tls;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::client::{read, request};
use crate::house::House;

fn house() -> House {
    House::furnished_with(|settings, folder| {
        settings.tls = Tls::SelfSigned { folder: folder.to_owned() };
        settings.limits.handshake_time = Duration::from_millis(500);
    })
}

fn connect(house: &House, protocols: &[&[u8]]) -> StreamOwned<ClientConnection, TcpStream> {
    let pem = std::fs::read(house.folder.path().join("tls.crt")).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(house.at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    StreamOwned::new(connection, stream)
}

#[test]
fn a_client_that_trusts_our_certificate_is_served_and_its_cookie_is_for_tls_alone() {
    let house = house();
    let mut stream = connect(&house, &[b"http/1.1"]);
    let body = r#"{"name":"Anna","password":"a long password"}"#;
    let login = request("POST", "/api/v1/login", &[("origin", "https://localhost")], body);
    stream.write_all(login.as_bytes()).unwrap();
    let answer = read(&mut stream);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.header("set-cookie").unwrap().contains("; Secure"));
    let mut stream = connect(&house, &[b"http/1.1"]);
    let login = request("POST", "/api/v1/login", &[("origin", "http://localhost")], body);
    stream.write_all(login.as_bytes()).unwrap();
    read(&mut stream).problem(403);
}

#[test]
fn the_certificate_is_kept_and_its_fingerprint_told() {
    let house = house();
    let tls = Tls::SelfSigned { folder: house.folder.path().to_owned() };
    let first = gateway::tls::fingerprint(&tls, &[]).unwrap().unwrap();
    assert_eq!(first, gateway::tls::fingerprint(&tls, &[]).unwrap().unwrap());
    assert_eq!((first.len(), first.matches(':').count()), (95, 31));
    assert_eq!(gateway::tls::fingerprint(&Tls::Off, &[]).unwrap(), None);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = house.folder.path().join("tls.key");
        assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let wrong = Tls::Files {
        certificate: house.folder.path().join("server.key"),
        key: house.folder.path().join("tls.key"),
    };
    assert!(gateway::tls::fingerprint(&wrong, &[]).is_err());
}

#[test]
fn who_does_not_shake_hands_keeps_nobody_waiting() {
    let house = house();
    let silent: Vec<_> = (0..20).map(|_| TcpStream::connect(house.at).unwrap()).collect();
    let mut stream = connect(&house, &[b"http/1.1"]);
    stream.write_all(request("GET", "/readyz", &[], "").as_bytes()).unwrap();
    assert_eq!(read(&mut stream).status, 200);
    for mut stream in silent {
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        assert_eq!(std::io::Read::read(&mut stream, &mut [0]).unwrap(), 0);
    }
}

#[test]
fn http_2_is_spoken_with_who_asks_for_it() {
    let house = house();
    let mut stream = connect(&house, &[b"h2"]);
    // The preface of a client and its empty settings; the server answers with its own settings.
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut frame = [0; 9];
    std::io::Read::read_exact(&mut stream, &mut frame).unwrap();
    assert_eq!(stream.conn.alpn_protocol(), Some(b"h2".as_slice()));
    assert_eq!(frame[3], 4, "the first frame is of settings: {frame:?}");
}
