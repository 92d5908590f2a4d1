//! Settings in two stages: text with its origin here, typed values in the executable.
//!
//! A later origin wins: built-in default, then file, then environment, then flag. A key that is
//! not in the executable's table is an error wherever it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::Error;

/// One setting an executable knows.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its dotted name in the file: `[make] formats` is "make.formats".
    pub name: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// Its value when nobody says anything.
    pub default: &'static str,
    /// What it does, in one line.
    pub meaning: &'static str,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// A settings file.
    File(PathBuf),
    /// An environment variable.
    Environment(&'static str),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Flag => f.write_str("command line"),
        }
    }
}

/// More than any settings file has.
const MAX_BYTES: u64 = 1 << 20;

/// The text of every setting and where it came from.
#[derive(Debug, Clone)]
pub struct Settings {
    values: BTreeMap<&'static str, (String, Origin)>,
    read: std::cell::RefCell<BTreeSet<&'static str>>,
}

impl Settings {
    /// The defaults of a table of keys.
    pub fn new(keys: &[Key]) -> Self {
        let values =
            keys.iter().map(|key| (key.name, (key.default.to_owned(), Origin::Default))).collect();
        Self { values, read: std::cell::RefCell::default() }
    }

    /// Lays a settings file over what is there.
    pub fn with_file(mut self, path: &Path) -> Result<Self, Error> {
        let text = crate::text(path, MAX_BYTES)?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| Error::NotToml {
            path: path.to_owned(),
            reason: error.message().to_owned(),
        })?;
        let origin = Origin::File(path.to_owned());
        self.lay_table("", &table, &origin)?;
        Ok(self)
    }

    fn lay_table(
        &mut self,
        prefix: &str,
        table: &toml::Table,
        origin: &Origin,
    ) -> Result<(), Error> {
        for (name, value) in table {
            let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            match value {
                toml::Value::Table(inner) => self.lay_table(&key, inner, origin)?,
                toml::Value::String(text) => self.lay(&key, text.clone(), origin.clone())?,
                other => self.lay(&key, other.to_string(), origin.clone())?,
            }
        }
        Ok(())
    }

    /// Lays the environment over what is there. A variable with the executable's prefix and no
    /// key is an error, like an unknown key in a file.
    pub fn with_environment(
        mut self,
        prefix: &str,
        keys: &[Key],
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Error> {
        for (variable, value) in variables {
            let variable = variable.to_string_lossy().into_owned();
            if !variable.starts_with(prefix) {
                continue;
            }
            let value = value.into_string().map_err(|_| Error::NotText(variable.clone()))?;
            match keys.iter().find(|key| key.variable == variable) {
                Some(key) => {
                    self.values.insert(key.name, (value, Origin::Environment(key.variable)));
                }
                None => {
                    let known = keys.iter().map(|k| k.variable).collect::<Vec<_>>().join(", ");
                    let origin = "environment".to_owned();
                    return Err(Error::UnknownKey { key: variable, origin, known });
                }
            }
        }
        Ok(self)
    }

    /// Lays one flag over what is there, if it was given.
    pub fn with_flag(mut self, key: &'static str, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.values.insert(key, (value, Origin::Flag));
        }
        self
    }

    fn lay(&mut self, key: &str, value: String, origin: Origin) -> Result<(), Error> {
        match self.values.iter_mut().find(|(name, _)| **name == key) {
            Some((_, slot)) => {
                *slot = (value, origin);
                Ok(())
            }
            None => Err(Error::UnknownKey {
                key: key.to_owned(),
                origin: origin.to_string(),
                known: self.values.keys().copied().collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// Reads a setting through `parse`; its refusal names the key, the value and its origin.
    /// Panics on a key that is not in the table: that is a bug of ours.
    pub fn read<T>(
        &self,
        key: &'static str,
        accepted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        self.read.borrow_mut().insert(key);
        let (text, origin) = &self.values[key];
        parse(text.trim()).ok_or_else(|| Error::BadValue {
            key: key.to_owned(),
            origin: origin.to_string(),
            value: text.clone(),
            accepted: accepted.to_owned(),
        })
    }

    /// Every key with its text and origin, for `config show`.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &str, &Origin)> {
        self.values.iter().map(|(key, (text, origin))| (*key, text.as_str(), origin))
    }

    /// Keys that nothing has read: a setting without effect.
    pub fn unread(&self) -> Vec<&'static str> {
        let read = self.read.borrow();
        self.values.keys().copied().filter(|key| !read.contains(key)).collect()
    }
}

/// Finds a value by its name in a table of names.
pub fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::{Key, Settings};

    const KEYS: [Key; 2] = [
        Key { name: "make.rate", variable: "T_MAKE_RATE", default: "48000", meaning: "Hz" },
        Key { name: "log.level", variable: "T_LOG_LEVEL", default: "warn", meaning: "how much" },
    ];

    fn file(text: &str) -> Result<Settings, crate::Error> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        std::fs::write(&path, text).unwrap();
        Settings::new(&KEYS).with_file(&path)
    }

    #[test]
    fn the_later_origin_wins_and_is_named() {
        let variables = [("T_LOG_LEVEL".into(), "debug".into())];
        let settings = file("[make]\nrate = 44100\n[log]\nlevel = \"info\"\n")
            .unwrap()
            .with_environment("T_", &KEYS, variables.into_iter())
            .unwrap();
        let shown: Vec<_> = settings.entries().map(|(k, v, o)| format!("{k}={v} ({o})")).collect();
        assert_eq!(shown[0], "log.level=debug (environment T_LOG_LEVEL)");
        assert!(shown[1].starts_with("make.rate=44100 (/"), "{}", shown[1]);
        let flagged = settings.with_flag("make.rate", Some("96000".to_owned()));
        assert_eq!(
            flagged.read("make.rate", "a number", |t| t.parse::<u32>().ok()).unwrap(),
            96_000
        );
        assert_eq!(flagged.unread(), ["log.level"]);
    }

    #[test]
    fn unknown_keys_and_bad_values_are_refused_by_name() {
        let said = file("[make]\nspeed = 3\n").unwrap_err().to_string();
        assert!(said.contains("make.speed") && said.contains("make.rate"), "{said}");
        let said = file("make = [").unwrap_err().to_string();
        assert!(said.contains("not valid TOML"), "{said}");
        let variables = [("T_SPEED".into(), "3".into())];
        let refused = Settings::new(&KEYS).with_environment("T_", &KEYS, variables.into_iter());
        assert!(refused.unwrap_err().to_string().contains("T_SPEED"));
        let settings = file("[make]\nrate = \"fast\"\n").unwrap();
        let refused = settings.read("make.rate", "8000 to 192000", |t| t.parse::<u32>().ok());
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("make.rate is \"fast\"; it must be 8000 to 192000"), "{said}");
    }
}
