//! The configuration files of AWS tools, read as the AWS CLI reads them.

use std::path::{Path, PathBuf};

use aws_config::profile::{self, Profile, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_runtime::env_config::property::PropertiesKey;
use aws_runtime::env_config::section::SsoSession;
use aws_types::os_shim_internal::{Env, Fs};

use crate::cognito::error::{Error, ErrorKind};
use crate::domain::shell::option_word;

/// The profile of AWS tools, where none is named.
pub const DEFAULT_PROFILE: &str = "default";
/// The variables that name a profile, in the order of the AWS CLI.
pub const PROFILE_VARIABLES: [&str; 2] = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"];
const IGNORES_ENDPOINTS: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

/// A service with an endpoint of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Cognito,
    Sts,
    AppSync,
    SecretsManager,
    Sso,
    SsoOidc,
}

impl Service {
    /// Its name in a `services` section; in upper case, the end of its variable.
    const fn key(self) -> &'static str {
        match self {
            Self::Cognito => "cognito_identity_provider",
            Self::Sts => "sts",
            Self::AppSync => "appsync",
            Self::SecretsManager => "secrets_manager",
            Self::Sso => "sso",
            Self::SsoOidc => "sso_oidc",
        }
    }
}

/// A non-empty variable of the environment.
pub fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    value.filter(|value| !value.trim().is_empty())
}

/// The profile that the environment names.
pub fn named_profile() -> Option<String> {
    PROFILE_VARIABLES.into_iter().find_map(variable)
}

/// The configuration files, and the profile in use.
#[derive(Clone, Debug)]
pub struct AwsFiles {
    /// Both files, as one.
    all: ProfileSet,
    /// The credentials file alone: its keys come before a `credential_process`, those of the configuration file after it.
    credentials: ProfileSet,
    name: String,
}

impl AwsFiles {
    /// Reads the files. `profile` is the one in use.
    ///
    /// # Errors
    /// A file cannot be parsed: what it says of endpoints and keys is unknown.
    pub async fn read(profile: &str) -> Result<Self, Error> {
        let credentials = EnvConfigFiles::builder().include_default_credentials_file(true);
        Ok(Self {
            all: sections(&EnvConfigFiles::default(), profile).await?,
            credentials: sections(&credentials.build(), profile).await?,
            name: profile.to_owned(),
        })
    }

    /// The name of the profile in use.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A profile by name.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.all.get_profile(name)
    }

    /// The profile with this name in the credentials file alone.
    pub fn in_credentials(&self, name: &str) -> Option<&Profile> {
        self.credentials.get_profile(name)
    }

    /// The `sso-session` section with this name.
    pub fn session(&self, name: &str) -> Option<&SsoSession> {
        self.all.sso_session(name)
    }

    /// A setting of the profile in use; an empty one is none.
    pub fn setting(&self, key: &str) -> Option<&str> {
        filled(self.profile(&self.name)?.get(key))
    }

    /// Whether the configured endpoints are ignored.
    pub fn ignores_endpoints(&self) -> bool {
        let is_true = |value: &str| value.eq_ignore_ascii_case("true");
        match std::env::var(IGNORES_ENDPOINTS) {
            Ok(value) => is_true(&value),
            Err(_) => self
                .setting("ignore_configured_endpoint_urls")
                .is_some_and(is_true),
        }
    }

    /// The endpoint of `service` in the environment.
    pub fn endpoint_in_environment(&self, service: Service) -> Option<String> {
        if self.ignores_endpoints() {
            return None;
        }
        let own = format!("AWS_ENDPOINT_URL_{}", service.key().to_uppercase());
        variable(&own).or_else(|| variable("AWS_ENDPOINT_URL"))
    }

    /// The endpoint of `service` in the profile: its `services` section before its `endpoint_url`.
    pub fn endpoint_in_profile(&self, service: Service) -> Option<String> {
        if self.ignores_endpoints() {
            return None;
        }
        let key = self.setting("services").and_then(|section| {
            let key = PropertiesKey::builder()
                .section_key("services")
                .section_name(section)
                .property_name(service.key())
                .sub_property_name("endpoint_url");
            key.build().ok()
        });
        let own = key.and_then(|key| self.all.other_sections().get(&key));
        let own = filled(own.map(String::as_str));
        own.or_else(|| self.setting("endpoint_url"))
            .map(str::to_owned)
    }

    /// Checks that the `services` section that the profile names is there: without it the calls would go to AWS.
    ///
    /// # Errors
    /// The section is missing.
    pub fn has_its_services(&self) -> Result<(), Error> {
        let Some(named) = self.setting("services") else {
            return Ok(());
        };
        let text = std::fs::read_to_string(config_path()).unwrap_or_default();
        let is_there = self.ignores_endpoints() || text.lines().any(|line| is_section(line, named));
        if is_there {
            return Ok(());
        }
        Err(Error::new(
            "connect",
            ErrorKind::Invalid,
            format!(
                "Profile {} has services = {named}, but there is no section [services {named}].",
                self.name
            ),
            format!(
                "Add the section to {}, or remove the line.",
                config_path().display()
            ),
        ))
    }

    /// The error that a profile is missing.
    pub fn no_profile(&self, name: &str) -> Error {
        let mut names: Vec<&str> = self.all.profiles().collect();
        names.sort_unstable();
        let there = match names.as_slice() {
            [] => "No profiles found".to_owned(),
            names => format!("Profiles: {}", names.join(", ")),
        };
        Error::new(
            "connect",
            ErrorKind::NoCredentials,
            format!("No profile {name} in ~/.aws/config or ~/.aws/credentials. {there}."),
            format!(
                "Use one of these, or create it with `aws configure {}`.",
                option_word("--profile", name)
            ),
        )
    }
}

async fn sections(files: &EnvConfigFiles, profile: &str) -> Result<ProfileSet, Error> {
    let name = Some(profile.to_owned().into());
    let read = profile::load(&Fs::real(), &Env::real(), files, name).await;
    read.map_err(|error| {
        Error::new(
            "connect",
            ErrorKind::Invalid,
            format!("The AWS configuration cannot be read: {}.", reason(&error)),
            format!(
                "Correct {} or {}.",
                config_path().display(),
                credentials_path().display()
            ),
        )
    })
}

/// The innermost message: the outer ones only say that a file cannot be parsed.
fn reason(error: &profile::ProfileFileLoadError) -> String {
    let inner = std::error::Error::source(error);
    inner.map_or_else(|| error.to_string(), ToString::to_string)
}

fn filled(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.trim().is_empty())
}

/// Whether a line begins the `services` section with this name.
fn is_section(line: &str, name: &str) -> bool {
    let inside = line.trim().strip_prefix('[');
    let inside = inside.and_then(|rest| rest.split(']').next());
    let words = inside.and_then(|inside| inside.trim().split_once(char::is_whitespace));
    words.is_some_and(|(kind, named)| kind == "services" && named.trim() == name)
}

/// The files of AWS tools that are there.
pub fn read_paths() -> Vec<PathBuf> {
    let paths = [config_path(), credentials_path()];
    paths.into_iter().filter(|path| path.is_file()).collect()
}

/// The path of the configuration file.
pub fn config_path() -> PathBuf {
    path_of("AWS_CONFIG_FILE", "config")
}

/// The path of the credentials file.
pub fn credentials_path() -> PathBuf {
    path_of("AWS_SHARED_CREDENTIALS_FILE", "credentials")
}

fn path_of(name: &str, file: &str) -> PathBuf {
    let own = std::env::var_os(name).map(PathBuf::from);
    match own {
        Some(path) => match (path.strip_prefix("~"), home()) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path,
        },
        None => in_home(Path::new(".aws").join(file)),
    }
}

/// The user's home directory.
fn home() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    home.map(PathBuf::from)
}

/// A path in the user's home directory.
pub fn in_home(path: impl AsRef<Path>) -> PathBuf {
    home().unwrap_or_else(|| "~".into()).join(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_found_by_its_kind_and_name() {
        for (line, is) in [
            ("[services local]", true),
            ("  [ services   local ] ; ours", true),
            ("[services other]", false),
            ("[profile local]", false),
            ("services local", false),
            ("[services]", false),
        ] {
            assert_eq!(is_section(line, "local"), is, "{line}");
        }
    }
}
