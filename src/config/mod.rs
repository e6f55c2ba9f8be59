//! The configuration file. Flags and environment override it: see [`ResolvedSettings`].

mod choice;
mod guard;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use etcetera::{BaseStrategy, choose_base_strategy};
use serde::Deserialize;
use thiserror::Error;

use crate::cli;
use crate::domain::client::Validity;
use crate::domain::delivery::destination::ON_CLIPBOARD;
use crate::domain::doctor::Limits;
use crate::domain::guard::is_account;
use crate::domain::preset::{PresetCatalog, UserFile};
use crate::input::KeyMap;

pub use choice::ResolvedSettings;
pub use guard::{Frame, Rule};

/// The configuration; every setting is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub profile: Option<String>,
    pub region: Option<String>,
    pub endpoint_url: Option<String>,
    pub token_endpoint: Option<String>,
    /// A file of additional certificate authorities.
    pub ca_bundle: Option<PathBuf>,
    /// The timeout of a call in seconds; default 30.
    pub timeout: Option<u64>,
    /// Seconds until a copied secret is cleared from the desktop's clipboard; 0 keeps it; default 45.
    pub clipboard_clear_seconds: Option<u64>,
    /// Whether secrets may be copied through the terminal.
    pub osc52: Osc52,
    /// The directory of saved screens; default: the current one.
    pub save_folder: Option<PathBuf>,
    /// Refuses all writes to AWS.
    pub read_only: bool,
    /// Rules for profiles, by pattern: `*` matches any text, case-insensitive.
    pub profiles: BTreeMap<String, Rule>,
    /// Rules for accounts, by id, with any profile.
    pub accounts: BTreeMap<String, Rule>,
    /// Keys by action, such as `copy = ["y", "ctrl-y"]`.
    pub keys: BTreeMap<String, Vec<String>>,
    /// The doctor's thresholds.
    pub doctor: Doctor,
}

/// The `[doctor]` table: whole days, and lifetimes such as `"10m"` or `"12h"`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Doctor {
    pub secret_days: Option<Days>,
    pub both_slots_days: Option<Days>,
    pub token_min: Option<Lifetime>,
    pub token_max: Option<Lifetime>,
}

/// A number of days, at least 1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "i64")]
pub struct Days(i64);

/// A lifetime in seconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Lifetime(i64);

impl TryFrom<i64> for Days {
    type Error = String;

    fn try_from(days: i64) -> Result<Self, String> {
        if (1..=36_500).contains(&days) {
            Ok(Self(days))
        } else {
            Err(format!(
                "{days} is not a number of days; expected 1 to 36500"
            ))
        }
    }
}

impl TryFrom<String> for Lifetime {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let life: Result<Validity, String> = text.parse();
        // A parsed lifetime has a known unit.
        match life.map(|life| life.seconds().unwrap_or_default()) {
            Ok(0) => Err(format!("{text:?} is no lifetime: it must be longer than 0")),
            Ok(seconds) => Ok(Self(seconds)),
            Err(reason) => Err(format!("{text:?} is no lifetime: {reason}")),
        }
    }
}

impl Doctor {
    /// Returns the configured thresholds, or the defaults.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            secret_days: self.secret_days.map_or(usual.secret_days, |days| days.0),
            both_slots_days: self
                .both_slots_days
                .map_or(usual.both_slots_days, |days| days.0),
            token_min: self.token_min.map_or(usual.token_min, |life| life.0),
            token_max: self.token_max.map_or(usual.token_max, |life| life.0),
        }
    }
}

/// What to do if a secret can be copied only by the terminal (OSC 52), which can neither mark nor clear it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Osc52 {
    /// Ask once in a session.
    #[default]
    Ask,
    Always,
}

/// Why the configuration is unusable.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The source has the reason.
    #[error("cannot read the configuration file {path}")]
    Read { path: PathBuf, source: io::Error },
    /// The parser's message names line and column.
    #[error("invalid configuration file {path}: {message}")]
    Parse { path: PathBuf, message: String },
    #[error("invalid configuration file {path}: line {line}, {place}: {message}")]
    Entry {
        path: PathBuf,
        line: usize,
        /// The table, or the entry with its value.
        place: String,
        message: String,
    },
    #[error("cannot read the presets in {path}: {source}")]
    Presets { path: PathBuf, source: io::Error },
}

impl Config {
    /// Reads `path`, which must exist, or the user's default file, which is optional.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let (path, required) = match path {
            Some(path) => (path.to_owned(), true),
            None => match default_path() {
                Some(path) => (path, false),
                None => return Ok(Self::default()),
            },
        };
        match fs::read_to_string(&path) {
            Ok(text) => match toml::from_str::<Self>(&text) {
                Ok(config) => config.checked(&path, &text),
                Err(error) => Err(ConfigError::Parse {
                    path,
                    message: error.to_string(),
                }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound && !required => {
                Ok(Self::default())
            }
            Err(source) => Err(ConfigError::Read { path, source }),
        }
    }

    /// Returns how long a copied secret stays on the desktop's clipboard; `None` without a limit.
    pub fn clipboard_clears_after(&self) -> Option<Duration> {
        match self.clipboard_clear_seconds {
            None => Some(ON_CLIPBOARD),
            Some(0) => None,
            Some(seconds) => Some(Duration::from_secs(seconds)),
        }
    }

    /// Checks addresses, keys and the doctor's limits.
    fn checked(self, path: &Path, text: &str) -> Result<Self, ConfigError> {
        type Read = fn(&str) -> Result<String, String>;
        let entries: [(_, _, Read); 3] = [
            ("region", &self.region, cli::region),
            ("endpoint_url", &self.endpoint_url, cli::url),
            ("token_endpoint", &self.token_endpoint, cli::url),
        ];
        for (key, value, read) in entries {
            if let Some(value) = value
                && let Err(message) = read(value)
            {
                return Err(ConfigError::Entry {
                    path: path.to_owned(),
                    line: line_of(text, None, &[key]),
                    place: format!("{key} = {value:?}"),
                    message,
                });
            }
        }
        if let Some(seconds) = self.timeout
            && let Err(message) = cli::timeout(&seconds.to_string())
        {
            return Err(ConfigError::Entry {
                path: path.to_owned(),
                line: line_of(text, None, &["timeout"]),
                place: format!("timeout = {seconds}"),
                message,
            });
        }
        let wrong = |table, keys: &[&str], message: String| ConfigError::Entry {
            path: path.to_owned(),
            line: line_of(text, Some(table), keys),
            place: format!("in [{table}]"),
            message,
        };
        if let Some(id) = self.accounts.keys().find(|id| !is_account(id)) {
            let message = format!("{id:?} is no account id: expected 12 digits");
            return Err(wrong("accounts", &[id], message));
        }
        if let Err(error) = KeyMap::with_overrides(&self.keys) {
            return Err(wrong("keys", &error.actions(), error.to_string()));
        }
        let limits = self.doctor.limits();
        if limits.token_min > limits.token_max {
            let message = "token_min is longer than token_max (defaults: 10m and 12h)";
            return Err(wrong(
                "doctor",
                &["token_min", "token_max"],
                message.to_owned(),
            ));
        }
        Ok(self)
    }
}

/// Returns the program's presets and the user's: `presets/*.toml` in the directory of the configuration file `config`, or of the
/// default one.
///
/// # Errors
/// A file cannot be read. The catalog reports mistakes inside one.
pub fn presets(config: Option<&Path>) -> Result<PresetCatalog, ConfigError> {
    let folder = match config {
        Some(path) => path.parent().map(Path::to_owned),
        None => folder(),
    };
    let Some(folder) = folder.map(|folder| folder.join("presets")) else {
        return Ok(PresetCatalog::new(&[]));
    };
    let failed = |source| ConfigError::Presets {
        path: folder.clone(),
        source,
    };
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(PresetCatalog::new(&[]));
        }
        entries => entries.map_err(failed)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let Some(name) = name.filter(|_| path.extension().is_some_and(|end| end == "toml")) else {
            continue;
        };
        files.push(UserFile {
            name: name.to_owned(),
            path: path.display().to_string(),
            text: fs::read_to_string(&path).map_err(|source| ConfigError::Presets {
                path: path.clone(),
                source,
            })?,
        });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(PresetCatalog::new(&files))
}

/// `cognitui/config.toml` in the user's configuration directory.
fn default_path() -> Option<PathBuf> {
    Some(folder()?.join("config.toml"))
}

/// The configuration file: `given`, or the user's, if it is there.
pub fn path(given: Option<&Path>) -> Option<PathBuf> {
    let given = given.map(Path::to_owned).or_else(default_path);
    given.filter(|path| path.is_file())
}

/// Returns the line, from 1, of the first of these entries in the table, or outside of all tables.
fn line_of(text: &str, table: Option<&str>, keys: &[&str]) -> usize {
    let Ok(file) = toml::de::DeTable::parse(text) else {
        return 1;
    };
    let file = file.get_ref();
    let (head, entries) = match table.map(|table| file.get_key_value(table)) {
        None => (None, Some(file)),
        Some(None) => (None, None),
        Some(Some((head, entries))) => (Some(head), entries.get_ref().as_table()),
    };
    let entry = keys.iter().find_map(|key| entries?.get_key_value(*key));
    let at = entry
        .map(|(name, _)| name)
        .or(head)
        .map(|name| name.span().start);
    let before = at.and_then(|at| text.get(..at)).unwrap_or_default();
    before.matches('\n').count() + 1
}

/// This program's directory in the user's configuration directory.
fn folder() -> Option<PathBuf> {
    Some(choose_base_strategy().ok()?.config_dir().join("cognitui"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Config::load(Some(file.path()))
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it_and_its_line() {
        let error = load("region = \"eu-west-1\"\nregoin = \"x\"\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(error.contains("regoin"), "{error}");
    }

    #[test]
    fn an_address_without_its_scheme_is_told_what_to_add() {
        let error = load("endpoint_url = \"localhost:4566\"\n")
            .unwrap_err()
            .to_string();
        for word in ["endpoint_url", "localhost:4566", "add http:// or https://"] {
            assert!(error.contains(word), "{error}");
        }
        assert!(load("endpoint_url = \"http://localhost:4566\"\n").is_ok());
    }

    #[test]
    fn a_region_that_is_none_is_told_with_its_line() {
        let error = load("read_only = true\nregion = \"eu-west-1/x\"\n")
            .unwrap_err()
            .to_string();
        for word in ["line 2", "region = \"eu-west-1/x\"", "expected one like"] {
            assert!(error.contains(word), "{error}");
        }
        assert!(load("region = \"eu-west-1\"\n").is_ok());
    }

    #[test]
    fn a_timeout_is_some_seconds() {
        for text in ["timeout = 0\n", "timeout = 3601\n"] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.contains("line 1, timeout = ") && error.contains("1 to 3600"));
        }
        assert!(load("timeout = \"30\"\n").is_err());
        assert!(load("timeout = 7\n").is_ok());
    }

    #[test]
    fn the_doctors_lines_are_drawn_where_the_file_says() {
        let usual = load("").unwrap().doctor.limits();
        assert_eq!(usual, Limits::default());
        let text = "[doctor]\nsecret_days = 90\ntoken_min = \"5m\"\ntoken_max = \"1 d\"\n";
        let limits = load(text).unwrap().doctor.limits();
        assert_eq!((limits.secret_days, limits.both_slots_days), (90, 30));
        assert_eq!((limits.token_min, limits.token_max), (300, 86_400));
        for (line, word) in [
            ("secret_days = 0", "1 to 36500"),
            ("secret_days = \"90\"", "invalid type"),
            (
                "token_min = \"soon\"",
                "\"soon\" is no lifetime: type a number and a unit",
            ),
            (
                "token_min = \"3 weeks\"",
                "weeks is no unit: use s, min, h or d",
            ),
            ("token_min = \"0 h\"", "\"0 h\" is no lifetime"),
            ("token_max = \"9999999999999999d\"", "is no lifetime"),
            ("secret_day = 90", "secret_day"),
        ] {
            let error = load(&format!("[doctor]\n{line}\n"))
                .unwrap_err()
                .to_string();
            assert!(error.contains("line 2") && error.contains(word), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_its_line() {
        for (text, words) in [
            (
                "region = \"x\"\n[keys]\nquit = [\"q\"]\ncopi = [\"y\"]\n",
                "line 4, in [keys]: unknown action \"copi\"",
            ),
            ("[keys]\n\ncopy = [\"nokey\"]\n", "line 3, in [keys]: "),
            (
                "[keys]\ncopy = [\"x\"]\n",
                "line 2, in [keys]: x is bound to both",
            ),
            (
                "[doctor]\ntoken_max = \"12h\"\ntoken_min = \"13h\"\n",
                "line 3, in [doctor]: token_min is longer than token_max",
            ),
            ("\n[doctor]\ntoken_max = \"5m\"\n", "line 3, in [doctor]: "),
            (
                "read_only = true\n[accounts.\"1234-5678-9012\"]\nread_only = false\n",
                "line 2, in [accounts]: \"1234-5678-9012\" is no account id",
            ),
        ] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_file_that_was_asked_for_must_be_there() {
        let error = Config::load(Some(Path::new("/nowhere/at/all.toml")))
            .unwrap_err()
            .to_string();
        assert!(error.contains("/nowhere/at/all.toml"), "{error}");
    }

    #[test]
    fn a_clipboard_is_cleared_unless_it_is_told_not_to_be() {
        for (text, seconds) in [
            ("", Some(45)),
            ("clipboard_clear_seconds = 10\n", Some(10)),
            ("clipboard_clear_seconds = 0\n", None),
        ] {
            let time = load(text).unwrap().clipboard_clears_after();
            assert_eq!(time, seconds.map(Duration::from_secs), "{text}");
        }
        assert!(load("clipboard_clear_seconds = -1\n").is_err());
        assert_eq!(load("osc52 = \"always\"\n").unwrap().osc52, Osc52::Always);
    }
}
