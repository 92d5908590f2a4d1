//! Licences, bans and sources of every dependency, by the rules of `deny.toml`. Advisories need a
//! database from the network: `cargo deny` checks them where both are there.

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::workspace::{items, metadata, root, text};

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(crate) fn run() -> Result<()> {
    let rules: toml::Table = fs::read_to_string(root().join("deny.toml"))?.parse()?;
    let list = |section: &str, key: &str| -> Vec<String> {
        let found = rules.get(section).and_then(|s| s.get(key)).and_then(|v| v.as_array());
        let name = |v: &toml::Value| match v {
            toml::Value::Table(table) => {
                table.get("crate").or_else(|| table.get("name"))?.as_str().map(str::to_owned)
            }
            other => other.as_str().map(str::to_owned),
        };
        found.map(|items| items.iter().filter_map(name).collect()).unwrap_or_default()
    };
    let allowed = list("licenses", "allow");
    let excepted = list("licenses", "exceptions");
    let banned = list("bans", "deny");
    let metadata = metadata()?;
    let mut broken = Vec::new();
    let foreign =
        items(&metadata["packages"]).iter().filter(|package| !package["source"].is_null());
    let mut count = 0;
    for package in foreign {
        count += 1;
        broken.extend(check(package, &allowed, &excepted, &banned));
    }
    if !broken.is_empty() {
        bail!("deny.toml:\n  {}", broken.join("\n  "));
    }
    crate::say(&format!("licences, bans and sources: {count} packages are in order"));
    advisories()
}

fn check(
    package: &Value,
    allowed: &[String],
    excepted: &[String],
    banned: &[String],
) -> Vec<String> {
    let name = text(&package["name"]);
    let mut broken = Vec::new();
    if banned.iter().any(|b| b == name) {
        broken.push(format!("{name} is banned"));
    }
    if text(&package["source"]) != REGISTRY {
        broken.push(format!("{name} does not come from the registry"));
    }
    let licence = text(&package["license"]);
    if !satisfied(licence, allowed) && !excepted.iter().any(|e| e == name) {
        broken.push(format!("{name} has the licence \"{licence}\""));
    }
    broken
}

/// Whether an SPDX expression can be met from the list: every AND by one of its ORs. Brackets
/// bind alternatives, which is all that licences in use need.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
    flat.split(" AND ").all(|alternatives| {
        alternatives.split(" OR ").any(|licence| allowed.iter().any(|a| a == licence.trim()))
    })
}

fn advisories() -> Result<()> {
    let installed = Command::new("cargo").args(["deny", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        crate::say("advisories: not checked, cargo-deny is not installed here");
        return Ok(());
    }
    let output =
        Command::new("cargo").args(["deny", "check", "advisories"]).current_dir(root()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        crate::say("advisories: none");
    } else if said.contains("failed to fetch") {
        crate::say("advisories: not checked, the database is not reachable from here");
    } else {
        bail!("advisories:\n{said}");
    }
    Ok(())
}
