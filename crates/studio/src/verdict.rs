//! The verdict on what was delivered: checks on measured figures, each with its reason.

use figure::Table;
use mastering::Target;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measured::Measured;

/// One thing that had to be so, and whether it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// What was found, measured on the delivered file.
    pub found: String,
    /// What had to be.
    pub wanted: String,
    /// Whether it is.
    pub passed: bool,
}

impl Check {
    /// A check from its words.
    pub fn new(
        name: impl Into<String>,
        found: impl Into<String>,
        wanted: impl Into<String>,
        passed: bool,
    ) -> Self {
        Self { name: name.into(), found: found.into(), wanted: wanted.into(), passed }
    }
}

/// Whether a lossless master is at its target: loudness, true peak, clipping, silence, DC.
pub fn of_master(name: &str, measured: &Measured, target: &Target) -> Vec<Check> {
    /// A mean this far off zero is -60 dBFS, the least that costs headroom.
    const MAX_DC: f64 = 0.001;
    let said = |value: Option<f64>, unit: &str| {
        value.map_or_else(|| "not measurable".to_owned(), |v| format!("{v:.2} {unit}"))
    };
    let (wanted, tolerance) = (target.loudness.0, target.tolerance.0);
    let on_target = measured.integrated_lufs.is_some_and(|l| (l - wanted).abs() <= tolerance);
    let under = measured.true_peak_dbtp.is_some_and(|p| p <= target.ceiling.0);
    vec![
        Check::new(
            format!("{name}: loudness"),
            said(measured.integrated_lufs, "LUFS"),
            format!("{wanted:.1} LUFS +-{tolerance:.1}"),
            on_target,
        ),
        Check::new(
            format!("{name}: true peak"),
            said(measured.true_peak_dbtp, "dBTP"),
            format!("at most {:.1} dBTP", target.ceiling.0),
            under,
        ),
        Check::new(
            format!("{name}: DC offset"),
            format!("{:.6}", measured.dc_offset),
            format!("within +-{MAX_DC}"),
            measured.dc_offset.abs() <= MAX_DC,
        ),
    ]
}

/// Whether all passed; if not, the failures in one sentence.
pub fn summary(checks: &[Check]) -> Result<(), String> {
    let failed: Vec<String> = checks
        .iter()
        .filter(|check| !check.passed)
        .map(|check| format!("{} is {}, wanted {}", check.name, check.found, check.wanted))
        .collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
}

/// All of them in a table, for a page.
pub(crate) fn table(checks: &[Check]) -> Table {
    checks.iter().fold(Table::new(&["Check", "found", "wanted", ""]), |table, check| {
        let word = if check.passed { "ok" } else { "FAILED" };
        table.row([check.name.clone(), check.found.clone(), check.wanted.clone(), word.to_owned()])
    })
}
