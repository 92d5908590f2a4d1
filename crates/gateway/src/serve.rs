//! Connections: accepted, spoken to, and ended in peace.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::Service;

use crate::settings::Limits;
use crate::shell::Peer;
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
    });
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    {
        let mut told = pin!(drain.begun());
        loop {
            tokio::select! {
                biased;
                () = &mut told => break,
                accepted = accept(&listener, &room) => {
                    let watcher = graceful.watcher();
                    connections.spawn(Arc::clone(&door).answer(accepted, Some(watcher)));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }
    let mut ended = pin!(tokio::time::timeout(limits.drain_time, graceful.shutdown()));
    let mut latecomers = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            done = &mut ended => {
                if done.is_err() {
                    tracing::warn!("requests were cut off: they did not end in time");
                }
                break;
            }
            accepted = accept(&listener, &room) => {
                latecomers.spawn(Arc::clone(&door).answer(accepted, None));
            }
            Some(_) = latecomers.join_next() => {}
        }
    }
    Ok(())
}

type Watcher = hyper_util::server::graceful::Watcher;
type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

/// What every connection meets.
struct Door {
    router: Router,
    tls: Option<TlsAcceptor>,
    handshake_time: Duration,
    http1: Builder<TokioExecutor>,
    http2: Builder<TokioExecutor>,
}

/// The protocol is known before the first byte (in the clear it is HTTP/1, over TLS the handshake
/// tells): waiting for a byte that says it would have no time limit.
fn http1(limits: &Limits) -> Builder<TokioExecutor> {
    let mut protocol = Builder::new(TokioExecutor::new()).http1_only();
    protocol
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(limits.headers)
        .max_buf_size(limits.header_bytes.max(MIN_BUFFER));
    protocol
}

fn http2(limits: &Limits) -> Builder<TokioExecutor> {
    let mut protocol = Builder::new(TokioExecutor::new()).http2_only();
    protocol
        .http2()
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
    async fn answer(self: Arc<Self>, accepted: Accepted, watcher: Option<Watcher>) {
        let (stream, remote, _permit) = accepted;
        let Ok(local) = stream.local_addr() else { return };
        // Small answers leave at once; where that cannot be asked for they leave a little later.
        drop(stream.set_nodelay(true));
        let peer = Peer { remote, local, tls: self.tls.is_some() };
        match &self.tls {
            None => self.speak(&self.http1, stream, peer, watcher).await,
            Some(tls) => {
                let shaken = tokio::time::timeout(self.handshake_time, tls.accept(stream)).await;
                match shaken {
                    Ok(Ok(stream)) => {
                        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(tls::HTTP2);
                        let protocol = if is_http2 { &self.http2 } else { &self.http1 };
                        self.speak(protocol, stream, peer, watcher).await;
                    }
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
                    Err(_) => tracing::debug!("no TLS in time"),
                }
            }
        }
    }

    async fn speak<S>(
        &self,
        protocol: &Builder<TokioExecutor>,
        stream: S,
        peer: Peer,
        watcher: Option<Watcher>,
    ) where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let router = self.router.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut router = router.clone();
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(peer);
                let answered: Result<_, Infallible> = router.call(request).await;
                answered
            }
        });
        let connection = protocol.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let ended = match watcher {
            Some(watcher) => watcher.watch(connection).await,
            None => connection.await,
        };
        if let Err(error) = ended {
            // Clients go away as they like; what they sent may be anything.
            tracing::debug!(error = %error, "a connection ended early");
        }
    }
}
