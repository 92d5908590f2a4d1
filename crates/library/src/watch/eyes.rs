use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use fault::Cancel;
use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::Watching;
use crate::{Library, Root};

/// File systems whose changes are made on other machines, of which this kernel does not hear.
const REMOTE: [&str; 13] = [
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// What the kernel is asked to tell of.
#[derive(Debug)]
pub(super) struct Eyes {
    /// Or why it cannot be asked.
    kernel: Result<RecommendedWatcher, String>,
    /// Roots it was asked about, by their place: which folder stood there, and what came of it. A
    /// disk that is mounted anew is another folder at the same place.
    roots: BTreeMap<PathBuf, ((u64, u64), Watching)>,
}

impl Eyes {
    pub(super) fn open(library: &Library) -> Self {
        let library = library.clone();
        let heard = move |event: notify::Result<Event>| {
            if event.as_ref().is_ok_and(is_mere_look) {
                return;
            }
            // An error may be a queue that overflowed: something did change.
            library.bell().ring_changed();
        };
        // A link may lead anywhere, and a folder of links to everything.
        let config = Config::default().with_follow_symlinks(false);
        let kernel = RecommendedWatcher::new(heard, config).map_err(|error| error.to_string());
        Self { kernel, roots: BTreeMap::new() }
    }

    /// Watches these roots and no others; tells how each is watched.
    pub(super) fn turn_to(&mut self, roots: &[Root], cancel: &Cancel) -> Vec<(PathBuf, Watching)> {
        let gone: Vec<PathBuf> = self
            .roots
            .keys()
            .filter(|path| !roots.iter().any(|root| root.path == **path))
            .cloned()
            .collect();
        for path in gone {
            self.turn_away(&path);
        }
        let said = roots.iter().map(|root| (root.path.clone(), self.look_at(&root.path, cancel)));
        said.collect()
    }

    fn look_at(&mut self, path: &Path, cancel: &Cancel) -> Watching {
        let Ok(data) = path.metadata() else {
            self.turn_away(path);
            return Watching::Interval { reason: "it is not there".to_owned() };
        };
        let here = (data.dev(), data.ino());
        if let Some((before, watching)) = self.roots.get(path) {
            if *before == here {
                return watching.clone();
            }
            self.turn_away(path);
        }
        if cancel.is_cancelled() {
            return Watching::Interval { reason: "it is being stopped".to_owned() };
        }
        let watching = match self.ask(path) {
            Ok(()) => Watching::Told,
            Err(reason) => {
                tracing::warn!(root = %path.display(), reason, "changes are found by the regular scan alone");
                Watching::Interval { reason }
            }
        };
        self.roots.insert(path.to_owned(), (here, watching.clone()));
        watching
    }

    fn ask(&mut self, path: &Path) -> Result<(), String> {
        let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        if let Some(kind) = kind_of_mount(&mounts, path).filter(|kind| REMOTE.contains(kind)) {
            return Err(format!("it lies on another machine ({kind})"));
        }
        let kernel = self.kernel.as_mut().map_err(|reason| reason.clone())?;
        kernel.watch(path, RecursiveMode::Recursive).map_err(|error| {
            // What was watched before the limit was reached is of no use alone.
            drop(kernel.unwatch(path));
            match error.kind {
                notify::ErrorKind::MaxFilesWatch => {
                    "it has more folders than may be watched (fs.inotify.max_user_watches)"
                        .to_owned()
                }
                _ => error.to_string(),
            }
        })
    }

    fn turn_away(&mut self, path: &Path) {
        self.roots.remove(path);
        if let Ok(kernel) = &mut self.kernel {
            // The kernel forgets a folder that is gone by itself.
            drop(kernel.unwatch(path));
        }
    }
}

/// Whether somebody only looked at a file: we do, all the time.
fn is_mere_look(event: &Event) -> bool {
    let is_written = event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
    event.kind.is_access() && !is_written && !event.need_rescan()
}

/// The kind of file system a path lies on, from the kernel's table of mounts.
fn kind_of_mount<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let mut words = line.split(' ');
        let (place, kind) = (words.nth(1)?, words.next()?);
        // Spaces and their like stand there as octal numbers.
        let place = place.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        path.starts_with(&place).then_some((place.len(), kind))
    };
    // Of two mounts at one place the later one is on top.
    mounts.lines().filter_map(mount).max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::kind_of_mount;

    #[test]
    fn the_nearest_mount_says_where_a_folder_lies() {
        let mounts = "/dev/a / ext4 rw 0 0\nnas:/m /mnt/my\\040music nfs4 rw 0 0\n\
                      /dev/b /mnt xfs rw 0 0\ntmpfs /mnt tmpfs rw 0 0\n";
        let kind = |path: &str| kind_of_mount(mounts, Path::new(path));
        assert_eq!(kind("/home/music"), Some("ext4"));
        assert_eq!(kind("/mnt/my music/a"), Some("nfs4"));
        assert_eq!(kind("/mnt/other"), Some("tmpfs"));
        assert_eq!(kind_of_mount("", Path::new("/")), None);
    }
}
