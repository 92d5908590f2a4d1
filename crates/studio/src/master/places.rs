use std::path::Path;

use crate::Error;

/// Paths may differ and mean one file: links, hard links, dots.
pub(super) fn refuse_overwriting(input: &Path, output: &Path, replace: bool) -> Result<(), Error> {
    if !output.exists() {
        return Ok(());
    }
    if is_same_file(input, output)? {
        return Err(Error::SameFile(output.to_owned()));
    }
    if replace { Ok(()) } else { Err(Error::Exists(output.to_owned())) }
}

/// Whether two paths that are there lead to one file.
pub(crate) fn is_same_file(a: &Path, b: &Path) -> Result<bool, Error> {
    let there = |path: &Path| std::fs::metadata(path).map_err(ops::Error::io("read", path));
    let real = |path: &Path| path.canonicalize().map_err(ops::Error::io("read", path));
    Ok(real(a)? == real(b)? || is_same_node(&there(a)?, &there(b)?))
}

#[cfg(unix)]
fn is_same_node(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a hard link cannot be told; the output is renamed into place, so even then the
/// input's bytes stay.
#[cfg(not(unix))]
fn is_same_node(_: &std::fs::Metadata, _: &std::fs::Metadata) -> bool {
    false
}
