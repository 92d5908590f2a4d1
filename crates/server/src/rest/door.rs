//! Who comes in under `/rest`: keys, never the password of an account, never the cookie of a session.

use gateway::{Accounts, Error, Principal};

use crate::subsonic::{Code, Credentials, Failure, Parameters};

/// Lets in who has a key: as `apiKey`; in place of the password (`u` and `p`), for clients that know
/// nothing else; or salted (`u`, `t` and `s`), for keys that were made for that.
pub(super) fn enter(
    accounts: &Accounts,
    parameters: &Parameters,
    client: &str,
) -> Result<Principal, Failure> {
    let credentials = Credentials::of(parameters)?;
    match credentials {
        Credentials::ApiKey(key) => accounts
            .authenticate_key(key.reveal())
            .map_err(|error| refused(error, Code::InvalidApiKey, client)),
        Credentials::Password { user, password } => {
            let known = accounts.authenticate_key(password.reveal());
            let known = known.map_err(|error| refused(error, Code::WrongCredentials, client))?;
            if known.name.to_lowercase() == user.to_lowercase() {
                Ok(known)
            } else {
                Err(Failure::new(Code::WrongCredentials))
            }
        }
        Credentials::Token { user, token, salt } => {
            let digest: String = token.reveal().iter().map(|byte| format!("{byte:02x}")).collect();
            accounts
                .authenticate_salted(&user, &salt, &digest)
                .map_err(|error| refused(error, Code::WrongCredentials, client))
        }
    }
}

fn refused(error: Error, code: Code, client: &str) -> Failure {
    if !matches!(error, Error::Unknown) {
        tracing::error!(%error, "a key could not be checked");
        return Failure::new(Code::Generic);
    }
    tracing::info!(client, "a key was refused");
    Failure::new(code)
}
