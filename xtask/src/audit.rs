//! The audit ledger: `docs/audit.md` lists every finding of the earlier systems' audits, and for
//! each one that is closed the tests that would fail if it came back.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Result, bail, ensure};

use crate::workspace::{files, root};

/// Findings in the ledger when it was begun; none may go missing.
const FINDINGS: usize = 173;

/// Rows of the tables look like `| A1 C-002 | subject | test_one, test_two |`; open findings have
/// `open` and the issue or reason in the last column.
pub(crate) fn run() -> Result<()> {
    let ledger = fs::read_to_string(root().join("docs/audit.md"))?;
    let tests = test_names()?;
    let (mut ids, mut closed, mut broken) = (BTreeSet::new(), 0, Vec::new());
    let mut chapter = "";
    for line in ledger.lines() {
        chapter = line.strip_prefix("## ").unwrap_or(chapter);
        if !line.starts_with("| ") || line.contains("Closed by") {
            continue;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        ensure!(cells.len() == 3, "docs/audit.md: a row needs three cells: {line}");
        if !ids.insert(format!("{chapter} {}", cells[0])) {
            broken.push(format!("{chapter} {} stands twice", cells[0]));
        }
        if cells[2].starts_with("open") {
            continue;
        }
        closed += 1;
        for name in cells[2].split(',').map(|name| name.trim().trim_matches('`')) {
            if !tests.contains(name) {
                broken.push(format!("{}: there is no test {name}", cells[0]));
            }
        }
    }
    if ids.len() < FINDINGS {
        broken.push(format!("{} findings, there were {FINDINGS}", ids.len()));
    }
    if !broken.is_empty() {
        bail!("docs/audit.md:\n  {}", broken.join("\n  "));
    }
    crate::say(&format!(
        "audit: {closed} of {} findings closed, each by tests that exist",
        ids.len()
    ));
    Ok(())
}

/// Functions under a test attribute, or inside a `proptest!`.
fn test_names() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for file in files()?.iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        let text = fs::read_to_string(root().join(file))?;
        let mut after_attribute = false;
        for line in text.lines().map(str::trim) {
            if line == "#[test]" {
                after_attribute = true;
            } else if let Some(rest) = line.strip_prefix("fn ").filter(|_| after_attribute) {
                names.extend(rest.split('(').next().map(str::to_owned));
                after_attribute = false;
            }
        }
    }
    Ok(names)
}
