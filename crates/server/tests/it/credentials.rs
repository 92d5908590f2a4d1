use server::subsonic::{Code, Credentials, Parameters};

use crate::parameters;

fn read(query: &str) -> Credentials {
    Credentials::of(&parameters(query)).unwrap()
}

fn refusal(query: &str) -> Code {
    Credentials::of(&parameters(query)).unwrap_err().code()
}

const TOKEN: &str = "26719a1196d2a940705a59634eb18eab";

#[test]
fn each_of_the_three_mechanisms_is_read() {
    let Credentials::ApiKey(key) = read("apiKey=k1") else { panic!("not an API key") };
    assert_eq!(key.reveal(), "k1");
    for query in ["u=joe&p=sesame", "u=joe&p=enc:736573616d65", "u=joe&p=sesame&t=&s=&apiKey="] {
        let Credentials::Password { user, password } = read(query) else { panic!("{query}") };
        assert_eq!((user.as_str(), password.reveal()), ("joe", "sesame"));
    }
    for query in
        [format!("u=joe&t={TOKEN}&s=c19b2d"), format!("u=joe&t={}&s=c19b2d", TOKEN.to_uppercase())]
    {
        let Credentials::Token { user, token, salt } = read(&query) else { panic!("{query}") };
        assert_eq!((user.as_str(), salt.as_str()), ("joe", "c19b2d"));
        assert_eq!(token.reveal()[..2], [0x26, 0x71]);
    }
}

#[test]
fn conflicting_mechanisms_are_error_43() {
    for query in [
        "apiKey=k&u=joe",
        "apiKey=k&p=x",
        "apiKey=k&t=x",
        "apiKey=k&s=x",
        "u=joe&p=x&t=y&s=z",
        "u=joe&p=x&s=z",
        "u=joe&u=admin&p=x",
        "apiKey=a&apiKey=b",
    ] {
        assert_eq!(refusal(query), Code::ConflictingMechanisms, "{query}");
    }
    let split = Parameters::parse(b"u=admin&p=x", b"u=joe").unwrap();
    assert_eq!(Credentials::of(&split).unwrap_err().code(), Code::ConflictingMechanisms);
    let twice = Parameters::parse(b"u=joe&p=x", b"u=joe&p=x").unwrap();
    assert!(Credentials::of(&twice).is_ok());
}

#[test]
fn missing_parts_are_error_10() {
    for query in ["", "u=joe", "p=x", "t=x&s=y", "u=joe&t=x", "u=joe&s=x", "apiKey=", "u=&p=x"] {
        assert_eq!(refusal(query), Code::MissingParameter, "{query}");
    }
}

#[test]
fn what_no_client_encodes_is_a_wrong_password() {
    for query in ["u=joe&p=enc:7", "u=joe&p=enc:zz", "u=joe&p=enc:ff", "u=joe&t=abc&s=x"] {
        assert_eq!(refusal(query), Code::WrongCredentials, "{query}");
    }
    let Credentials::Password { password, .. } = read("u=joe&p=enc:") else { panic!() };
    assert_eq!(password.reveal(), "");
}

#[test]
fn secrets_are_not_printed() {
    for query in ["apiKey=sesame", "u=joe&p=sesame", &format!("u=joe&t={TOKEN}&s=sesame")] {
        let printed = format!("{:?} {:?}", read(query), parameters(query));
        assert!(!printed.contains("sesame") && !printed.contains("26"), "{printed}");
    }
}
