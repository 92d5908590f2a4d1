//! TLS with a certificate from elsewhere, or one of our own making.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

use crate::accounts::write_private;
use crate::settings::Tls;
use crate::wire::Host;
use crate::{Error, secret};

/// The files of a certificate of our own making, in their folder.
const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";

/// The protocols spoken over TLS, the preferred one first.
pub(crate) const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// The SHA-256 of the certificate, as browsers show it; none without TLS. Makes the certificate if
/// it is of our own making and not there yet.
///
/// # Errors
/// [`Error::Certificate`] and its like.
pub fn fingerprint(tls: &Tls, hosts: &[Host]) -> Result<Option<String>, Error> {
    let Some((path, _)) = files(tls, hosts)? else { return Ok(None) };
    let first = chain(&path)?.into_iter().next().ok_or_else(|| wrong(&path, "it is empty"))?;
    let digest = Sha256::digest(first.as_ref());
    let pairs: Vec<_> =
        digest.iter().map(|byte| secret::hex(&[*byte]).to_ascii_uppercase()).collect();
    Ok(Some(pairs.join(":")))
}

/// What shakes hands; none without TLS.
pub(crate) fn acceptor(tls: &Tls, hosts: &[Host]) -> Result<Option<TlsAcceptor>, Error> {
    let Some((certificate, key)) = files(tls, hosts)? else { return Ok(None) };
    let chain = chain(&certificate)?;
    let bytes = fs::read(&key).map_err(Error::io("read", &key))?;
    let private = PrivateKeyDer::from_pem_slice(&bytes)
        .map_err(|_| wrong(&key, "it is no private key in PEM"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Broken(format!("TLS: {error}")))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| wrong(&certificate, &error.to_string()))?;
    config.alpn_protocols = vec![HTTP2.to_vec(), HTTP1.to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

/// Where the certificate and its key are.
fn files(tls: &Tls, hosts: &[Host]) -> Result<Option<(PathBuf, PathBuf)>, Error> {
    match tls {
        Tls::Off => Ok(None),
        Tls::Files { certificate, key } => Ok(Some((certificate.clone(), key.clone()))),
        Tls::SelfSigned { folder } => {
            let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
            if !certificate.exists() {
                make(&certificate, &key, hosts)?;
            }
            Ok(Some((certificate, key)))
        }
    }
}

/// Makes a certificate for this machine and the names it is called by. The key is written first:
/// a certificate that is there has one.
fn make(certificate: &Path, key: &Path, hosts: &[Host]) -> Result<(), Error> {
    let refused = |error: rcgen::Error| wrong(certificate, &error.to_string());
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(hosts.iter().map(Host::name));
    let mut params = CertificateParams::new(names).map_err(refused)?;
    params.distinguished_name.push(DnType::CommonName, "self-signed");
    let pair = KeyPair::generate().map_err(refused)?;
    let made = params.self_signed(&pair).map_err(refused)?;
    if key.exists() {
        fs::remove_file(key).map_err(Error::io("remove", key))?;
    }
    write_private(key, pair.serialize_pem().as_bytes())?;
    write_private(certificate, made.pem().as_bytes())
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<_, _>>()
        .map_err(|_| wrong(path, "it is no certificate in PEM"))
}

fn wrong(path: &Path, reason: &str) -> Error {
    Error::Certificate { path: path.to_owned(), reason: reason.to_owned() }
}
