//! Connections: accepted, spoken to, and ended in peace.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::Service;

use crate::settings::Limits;
use crate::shell::{Crowd, Peer};
use crate::wire::Cidr;
use crate::{Drain, Error, Settings, tls};

/// When no connection can be accepted (no descriptors are left), it is tried again after this.
const BREATH: Duration = Duration::from_millis(100);
/// Requests at a time on one HTTP/2 connection.
const STREAMS: u32 = 64;
/// A connection of HTTP/2 that says nothing is asked whether it is there.
const PING: Duration = Duration::from_secs(30);
/// Bytes of a connection kept at a time; a header must fit.
const MIN_BUFFER: usize = 8_192;

/// Listens where the settings say.
///
/// # Errors
/// [`Error::Network`] when the address is taken or not ours.
pub async fn listen(settings: &Settings) -> Result<TcpListener, Error> {
    TcpListener::bind(settings.listen).await.map_err(Error::network("listen"))
}

/// Serves until told to stop: then nothing new begins, what is in flight gets
/// [`Limits::drain_time`], and every connection is closed. While it waits, new connections learn
/// that the server is not ready.
///
/// # Errors
/// [`Error::Certificate`] and its like before anything is served; nothing ends it afterwards.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &Settings,
    drain: Drain,
) -> Result<(), Error> {
    let tls = tls::acceptor(&settings.tls, &settings.hosts)?;
    let limits = &settings.limits;
    let door = Arc::new(Door {
        router,
        tls,
        handshake_time: limits.handshake_time,
        http1: http1(limits),
        http2: http2(limits),
        proxies: settings.proxies.clone(),
        crowd: Arc::new(Crowd::new(limits.connections_per_client)),
    });
    let room = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    {
        let mut told = pin!(drain.begun());
        loop {
            tokio::select! {
                biased;
                () = &mut told => break,
                accepted = accept(&listener, &room) => {
                    connections.spawn(Arc::clone(&door).answer(accepted, Some(drain.clone())));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }
    let all = async { while connections.join_next().await.is_some() {} };
    let mut ended = pin!(tokio::time::timeout(limits.drain_time, all));
    let mut latecomers = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            done = &mut ended => {
                if done.is_err() {
                    tracing::warn!("requests were cut off: they did not end in time");
                }
                return Ok(());
            }
            accepted = accept(&listener, &room) => {
                latecomers.spawn(Arc::clone(&door).answer(accepted, None));
            }
            Some(_) = latecomers.join_next() => {}
        }
    }
}

type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

/// What every connection meets.
struct Door {
    router: Router,
    tls: Option<TlsAcceptor>,
    handshake_time: Duration,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    proxies: Vec<Cidr>,
    crowd: Arc<Crowd>,
}

/// The protocol is known before the first byte (in the clear it is HTTP/1, over TLS the handshake
/// tells): waiting for a byte that says it would have no time limit.
fn http1(limits: &Limits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(limits.headers)
        .max_buf_size(limits.header_bytes.max(MIN_BUFFER));
    protocol
}

fn http2(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut protocol = http2::Builder::new(TokioExecutor::new());
    protocol
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(PING);
    protocol
}

/// The next connection, once there is room for one.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> Accepted {
    loop {
        let Ok(permit) = Arc::clone(room).acquire_owned().await else {
            // The semaphore is never closed.
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((stream, remote)) => return (stream, remote, permit),
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

impl Door {
    async fn answer(self: Arc<Self>, accepted: Accepted, drain: Option<Drain>) {
        let (stream, remote, _permit) = accepted;
        let Ok(local) = stream.local_addr() else { return };
        let address = remote.ip();
        // A proxy holds the connections of everybody.
        let is_proxy = self.proxies.iter().any(|proxy| proxy.contains(address));
        let present = self.crowd.enter(address);
        if present.is_none() && !is_proxy {
            tracing::debug!(client = %address, "it has too many connections");
            return;
        }
        // Small answers leave at once; where that cannot be asked for they leave a little later.
        drop(stream.set_nodelay(true));
        let peer = Peer { remote, local, tls: self.tls.is_some() };
        match &self.tls {
            None => self.speak_http1(stream, peer, drain).await,
            Some(tls) => {
                let shaken = tokio::time::timeout(self.handshake_time, tls.accept(stream)).await;
                match shaken {
                    Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(tls::HTTP2) => {
                        self.speak_http2(stream, peer, drain).await;
                    }
                    Ok(Ok(stream)) => self.speak_http1(stream, peer, drain).await,
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
                    Err(_) => tracing::debug!("no TLS in time"),
                }
            }
        }
    }

    async fn speak_http1(&self, stream: impl Stream, peer: Peer, drain: Option<Drain>) {
        let service = service_fn(|request| answer(&self.router, peer, request));
        let connection = self.http1.serve_connection(TokioIo::new(stream), service);
        see_out(connection.with_upgrades(), drain, |c| c.graceful_shutdown()).await;
    }

    async fn speak_http2(&self, stream: impl Stream, peer: Peer, drain: Option<Drain>) {
        // Its requests are tasks of their own, which outlive this function's borrow.
        let router = self.router.clone();
        let service = service_fn(move |request| answer(&router, peer, request));
        let connection = self.http2.serve_connection(TokioIo::new(stream), service);
        see_out(connection, drain, |c| c.graceful_shutdown()).await;
    }
}

/// What a connection is made of.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

fn answer(
    router: &Router,
    peer: Peer,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    router.clone().call(request)
}

/// Serves a connection to its end; when the process is told to stop, to the end of what it is at.
async fn see_out<C>(connection: C, drain: Option<Drain>, end: impl FnOnce(Pin<&mut C>))
where
    C: Future<Output = Result<(), hyper::Error>>,
{
    let mut connection = pin!(connection);
    let told = async {
        match &drain {
            Some(drain) => drain.begun().await,
            // Who came after that is told with every answer.
            None => std::future::pending().await,
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told => {
            end(connection.as_mut());
            connection.await
        }
    };
    if let Err(error) = ended {
        // Clients go away as they like; what they sent may be anything.
        tracing::debug!(%error, "a connection ended early");
    }
}
