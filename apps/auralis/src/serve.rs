use std::time::Duration;

use clap::Args;
use fault::Cancel;
use gateway::{Drain, Probe, Shell, Unwell};
use library::scan::Options;
use library::watch;
use ops::console::{self, Failure};
use ops::settings::Settings;
use ops::telemetry::Warnings;
use server::House;
use studio::artifact::Artifacts;

use crate::analyst::Analyst;
use crate::premises::Premises;
use crate::settings::Serving;

pub(crate) const EXAMPLES: &str = "\
Examples:
  auralis
  auralis serve --listen 0.0.0.0:4533 --music /srv/music

Everything stands in settings (auralis config show). The first start prints a token that makes the
first admin; players come in with a key each (auralis key make, or the first page).";

/// How long players, and threads that may block, are waited for at the end: a disk that stalls must not keep the
/// process. What was written is safe by then.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often files of deleted songs are collected.
const A_DAY: Duration = Duration::from_secs(86_400);
/// A data disk with less room cannot take a song, a scan and a backup.
const LEAST_FREE_BYTES: u64 = 64 << 20;
/// A machine with less free memory is about to end processes.
const LEAST_FREE_MEMORY_BYTES: u64 = 48 << 20;

#[derive(Debug, Args, Default)]
pub(crate) struct ServeArgs {
    /// Address and port
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Folders of music, separated by commas
    #[arg(long, value_name = "DIRS")]
    music: Option<String>,
    /// Where the database is
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
}

impl ServeArgs {
    /// Flags win over every other origin.
    pub(crate) fn lay_over(&self, settings: Settings) -> Settings {
        settings
            .with_flag("server.listen", self.listen.clone())
            .with_flag("library.roots", self.music.clone())
            .with_flag("data.folder", self.data.clone())
    }
}

pub(crate) fn run(serving: &Serving, warnings: Warnings, json: bool) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::bug(format!("no runtime: {error}")))?;
    let ended = runtime.block_on(serve(serving, warnings, json));
    runtime.shutdown_timeout(PATIENCE);
    ended
}

async fn serve(serving: &Serving, warnings: Warnings, json: bool) -> Result<(), Failure> {
    let premises = Premises::open(serving)?;
    premises.open_roots(serving)?;
    let stop = Cancel::new();
    let drain = Drain::new();
    let scan = Options { full: false, threads: crate::scan::threads(0) };
    let house = House::new(server::Parts {
        library: premises.library.clone(),
        accounts: premises.accounts.clone(),
        desk: premises.open_desk(serving)?,
        plans: premises.open_plans(&stop)?,
        tagger: premises.open_tagger(serving)?,
        uploads: premises.open_uploads(serving)?,
        allowed: serving.allowed(),
        scan,
        stop: stop.clone(),
        drain: drain.clone(),
        warnings,
    });
    house.find_songs()?;
    tokio::spawn(collect_daily(house.artifacts()));
    let analyst = Analyst::start(&premises, serving.analysis, &stop)?;
    let shell = probes(
        Shell::new(serving.shell.clone(), premises.accounts.clone(), drain.clone()),
        &premises,
        &analyst,
    );
    let wrapped = shell.wrap(server::router(house.clone()))?;
    let listener = gateway::listen(&serving.shell).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::bug(format!("no address of our own: {error}")))?;
    let watcher = watch(&premises, serving, &analyst)?;
    welcome(serving, &premises, address, json)?;
    drain.ready();
    let told = drain.clone();
    tokio::spawn(async move {
        if let Err(error) = gateway::asked_to_stop().await {
            tracing::error!(%error, "signals are not heard");
        }
        told.begin();
    });
    let served = gateway::serve(listener, wrapped.router, &serving.shell, drain).await;
    house.fall_silent(PATIENCE).await;
    stop.cancel();
    drop(watcher);
    analyst.end();
    Ok(served?)
}

/// Frees what was deleted long enough ago, once a day, and names records that are not as they were
/// written.
async fn collect_daily(artifacts: Artifacts) {
    let mut days = tokio::time::interval(A_DAY);
    loop {
        days.tick().await;
        let artifacts = artifacts.clone();
        match tokio::task::spawn_blocking(move || artifacts.collect()).await {
            Ok(Ok(collected)) if collected.altered > 0 => {
                tracing::error!(?collected, "records of songs are not as they were written");
            }
            Ok(Ok(collected)) => tracing::info!(?collected, "files of deleted songs"),
            Ok(Err(error)) => tracing::error!(%error, "files of deleted songs were not collected"),
            Err(error) => tracing::error!(%error, "the collection of deleted songs panicked"),
        }
    }
}

/// Scans at the start, when something changes, and now and then; each scan is followed by the analysis
/// of what is new.
fn watch(
    premises: &Premises,
    serving: &Serving,
    analyst: &Analyst,
) -> Result<watch::Watcher, Failure> {
    let options = watch::Options { interval: serving.interval, ..watch::Options::default() };
    let wake = analyst.bell();
    Ok(premises.library.watch(options, move |outcomes| {
        match outcomes {
            Ok(outcomes) => outcomes.iter().for_each(server::log),
            Err(error) => tracing::warn!(%error, "a scan did not come to its end"),
        }
        wake.ring();
    })?)
}

/// What the server is asked about under `/healthz`, beside its database.
fn probes(shell: Shell, premises: &Premises, analyst: &Analyst) -> Shell {
    let data = premises.data.clone();
    let library = premises.library.clone();
    let analyst = analyst.bell();
    shell
        .probe(Probe::critical("data-disk", move || match free_bytes(&data) {
            Some(free) if free >= LEAST_FREE_BYTES => Ok(()),
            Some(_) => Err(Unwell("the data disk is nearly full")),
            None => Err(Unwell("the data disk cannot be asked")),
        }))
        .probe(Probe::helpful("memory", || match free_memory_bytes() {
            Some(free) if free < LEAST_FREE_MEMORY_BYTES => Err(Unwell("memory is nearly used up")),
            Some(_) => Ok(()),
            None => Err(Unwell("memory cannot be asked")),
        }))
        .probe(Probe::helpful("analysis", move || {
            if analyst.is_well() { Ok(()) } else { Err(Unwell("the analysis has ended")) }
        }))
        .probe(Probe::helpful("bank", || {
            let bank = std::panic::catch_unwind(|| instruments::Bank::embedded().presets().len());
            if bank.is_ok_and(|presets| presets > 0) { Ok(()) } else { Err(Unwell("no sounds")) }
        }))
        .probe(Probe::helpful("music-roots", move || {
            let roots = library.roots().map_err(|_| Unwell("the roots cannot be read"))?;
            let is_there = |root: &library::Root| std::fs::read_dir(&root.path).is_ok();
            if roots.iter().all(is_there) {
                Ok(())
            } else {
                Err(Unwell("a folder of music is not there"))
            }
        }))
}

fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let disk = nix::sys::statvfs::statvfs(folder).ok()?;
    Some(disk.blocks_available() as u64 * disk.fragment_size() as u64)
}

/// `MemAvailable` of Linux, in bytes.
fn free_memory_bytes() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib << 10)
}

/// Says where the server is, and how the first admin comes in.
fn welcome(
    serving: &Serving,
    premises: &Premises,
    address: std::net::SocketAddr,
    json: bool,
) -> Result<(), Failure> {
    let scheme = if serving.shell.tls == gateway::Tls::Off { "http" } else { "https" };
    let url = format!("{scheme}://{address}{}/", serving.shell.base_path.as_str());
    let token = premises.accounts.setup_token();
    let print = gateway::tls::fingerprint(&serving.shell.tls, &serving.shell.hosts)?;
    if json {
        let told = serde_json::json!({ "url": url, "setup_token": token, "certificate": print });
        return Ok(console::say_json(&told)?);
    }
    let mut lines = vec![format!("Auralis {} is at {url}", server::VERSION)];
    if let Some(print) = print {
        lines.push(format!("its certificate has the SHA-256 {print}"));
    }
    if let Some(token) = token {
        lines.push(format!("make the first admin there with this one-time token: {token}"));
    }
    Ok(console::say(&lines)?)
}
