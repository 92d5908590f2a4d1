//! Whether all is well: asked of the things themselves, one by one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use store::Store;
use tokio::sync::Mutex;
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::accounts;

/// What does not answer within this is not well.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an answer stands: asking often costs nothing.
const STANDS: Duration = Duration::from_secs(1);

type Check = Arc<dyn Fn() -> Result<(), Unwell> + Send + Sync>;

/// Something that is asked whether it is well.
#[derive(Clone)]
pub struct Probe {
    name: &'static str,
    critical: bool,
    check: Check,
}

/// Why something is not well, in words fit for strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwell(pub &'static str);

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Probe {
    /// Something without which nothing works.
    pub fn critical(
        name: &'static str,
        check: impl Fn() -> Result<(), Unwell> + Send + Sync + 'static,
    ) -> Self {
        Self { name, critical: true, check: Arc::new(check) }
    }

    /// Something without which the rest works.
    pub fn helpful(
        name: &'static str,
        check: impl Fn() -> Result<(), Unwell> + Send + Sync + 'static,
    ) -> Self {
        Self { name, critical: false, check: Arc::new(check) }
    }
}

/// The database: whether it takes what is written.
pub(super) fn database(store: Store) -> Probe {
    Probe::critical("database", move || {
        accounts::is_written(&store).map_err(|error| {
            tracing::error!(%error, "the database is not well");
            Unwell("nothing can be written")
        })
    })
}

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Condition {
    Ok,
    Degraded,
    Failed,
}

/// How one thing is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Found {
    /// Which.
    name: &'static str,
    /// Whether nothing works without it.
    critical: bool,
    status: Condition,
    /// Why, when it is not well.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// How all of them are.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Report {
    /// `failed` when a critical one is, `degraded` when another is.
    pub(crate) status: Condition,
    probes: Vec<Found>,
}

pub(crate) struct Health {
    probes: Vec<(Probe, Arc<AtomicBool>)>,
    /// Held while it is asked, so that it is asked once.
    last: Mutex<Option<(Instant, Report)>>,
}

impl Health {
    pub(super) fn new(probes: Vec<Probe>) -> Self {
        let probes = probes.into_iter().map(|probe| (probe, Arc::default())).collect();
        Self { probes, last: Mutex::new(None) }
    }

    /// Asks all of them at once, or says what they said a moment ago.
    pub(crate) async fn report(&self) -> Report {
        let mut last = self.last.lock().await;
        if let Some((at, report)) = &*last
            && at.elapsed() < STANDS
        {
            return report.clone();
        }
        let asked: Vec<_> = self.probes.iter().map(|(probe, busy)| ask(probe, busy)).collect();
        let probes = futures_util::future::join_all(asked).await;
        let worst = |critical| {
            probes.iter().any(|p| p.status == Condition::Failed && p.critical == critical)
        };
        let status = match (worst(true), worst(false)) {
            (true, _) => Condition::Failed,
            (false, true) => Condition::Degraded,
            (false, false) => Condition::Ok,
        };
        let report = Report { status, probes };
        *last = Some((Instant::now(), report.clone()));
        report
    }
}

async fn ask(probe: &Probe, busy: &Arc<AtomicBool>) -> Found {
    let answer = if busy.swap(true, Ordering::AcqRel) {
        // The thread of the last question still hangs in it: no second one.
        Err(Unwell("it does not answer"))
    } else {
        let (check, busy) = (Arc::clone(&probe.check), Arc::clone(busy));
        let asked = tokio::task::spawn_blocking(move || {
            let answer = check();
            busy.store(false, Ordering::Release);
            answer
        });
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Unwell("asking it failed")),
            Err(_) => Err(Unwell("it does not answer")),
        }
    };
    let (name, critical) = (probe.name, probe.critical);
    let status = if answer.is_ok() { Condition::Ok } else { Condition::Failed };
    Found { name, critical, status, reason: answer.err().map(|unwell| unwell.0) }
}
