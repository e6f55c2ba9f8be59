//! Resolves account, Region and endpoints. The order of every setting: flag, `COGNITUI_*`, `AWS_*`, configuration file.

use std::path::PathBuf;
use std::time::Duration;

use super::Config;
use crate::cli::{self, Connection};
use crate::domain::identity::Source;

/// An environment variable by name; `None` if not set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Each setting from the first source that has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedSettings {
    /// The profile of the credentials; `None` if not set, or if keys in the environment override it.
    pub profile: Option<String>,
    /// The setting that chose the credentials.
    pub source: Source,
    /// The profile that keys in the environment override, and its source.
    pub passed_over: Option<(Source, String)>,
    /// The Region; `None` for that of the profile or the instance.
    pub region: Option<String>,
    /// The endpoint of all calls, from flag or `COGNITUI_ENDPOINT_URL`.
    pub endpoint_url: Option<String>,
    /// The endpoint of services without `AWS_ENDPOINT_URL` or the like.
    pub default_endpoint_url: Option<String>,
    /// The token endpoint.
    pub token_endpoint: Option<String>,
    /// The timeout of each call.
    pub timeout: Option<Duration>,
    /// Additional certificate authorities.
    pub ca_bundle: Option<PathBuf>,
}

impl ResolvedSettings {
    /// Returns the endpoint of the Cognito API, from flags, environment and file.
    #[must_use]
    pub fn endpoint(&self, environment: Environment) -> Option<String> {
        const OWN: [&str; 2] = [
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
            "AWS_ENDPOINT_URL",
        ];
        let ignored = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let of_aws = || {
            let mut own = OWN.into_iter().filter(|_| !ignored);
            own.find_map(|name| set(environment, name))
        };
        let own = self.endpoint_url.clone();
        own.or_else(of_aws)
            .or_else(|| self.default_endpoint_url.clone())
    }
}

impl Config {
    /// Resolves settings from the command line or `COGNITUI_*` (`given`), the environment and this file. Empty is unset.
    ///
    /// AWS variables have the order of AWS tools: keys before `AWS_PROFILE`. Keys in the environment override the file's profile, too,
    /// but not `given`'s.
    #[must_use]
    pub fn choose(&self, given: &Connection, environment: Environment) -> ResolvedSettings {
        let set = |name: &str| set(environment, name);
        let filled = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let ours = |given: &Option<String>, variable| filled(given).or_else(|| set(variable));
        let (source, profile, passed_over) = self.credentials(given, environment);
        let region = ours(&given.region, "COGNITUI_REGION")
            .or_else(|| set("AWS_REGION"))
            .or_else(|| set("AWS_DEFAULT_REGION"))
            .or_else(|| filled(&self.region));
        let ca_bundle = [
            given.ca_bundle.clone(),
            set("AWS_CA_BUNDLE").map(PathBuf::from),
            self.ca_bundle.clone(),
        ];
        ResolvedSettings {
            profile,
            source,
            passed_over,
            region,
            endpoint_url: ours(&given.endpoint_url, "COGNITUI_ENDPOINT_URL"),
            default_endpoint_url: filled(&self.endpoint_url),
            token_endpoint: ours(&given.token_endpoint, "COGNITUI_TOKEN_ENDPOINT")
                .or_else(|| filled(&self.token_endpoint)),
            timeout: given
                .timeout
                .filter(|given| !given.is_zero())
                .or_else(|| cli::timeout(&set("COGNITUI_TIMEOUT")?).ok())
                .or(self.timeout.map(Duration::from_secs)),
            ca_bundle: ca_bundle
                .into_iter()
                .flatten()
                .find(|path| !path.as_os_str().is_empty()),
        }
    }

    /// Returns the source of the credentials; its profile, if any; and the profile that keys override.
    fn credentials(
        &self,
        given: &Connection,
        environment: Environment,
    ) -> (Source, Option<String>, Option<(Source, String)>) {
        // What a container or a cluster gives comes after AWS_PROFILE, as in AWS's tools, and before the file here.
        const OTHERS: [&str; 3] = [
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ];
        const OURS: &str = "COGNITUI_PROFILE";
        // In the order of the AWS CLI.
        const THEIRS: [&str; 2] = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"];
        let ours = set(environment, OURS);
        if let Some(profile) = given.profile.clone().filter(|name| !name.is_empty()) {
            // The parser reads the variable as the flag.
            let source = if ours.as_ref() == Some(&profile) {
                Source::Variable(OURS)
            } else {
                Source::Flag
            };
            return (source, Some(profile), None);
        }
        if ours.is_some() {
            return (Source::Variable(OURS), ours, None);
        }
        let mut theirs = THEIRS.into_iter();
        let theirs =
            theirs.find_map(|name| Some((Source::Variable(name), set(environment, name)?)));
        let own = self.profile.clone().filter(|name| !name.is_empty());
        let named = theirs.or_else(|| own.map(|profile| (Source::File, profile)));
        if set(environment, "AWS_ACCESS_KEY_ID").is_some() {
            return (Source::Keys, None, named);
        }
        if matches!(named, Some((Source::File, _)))
            && OTHERS.iter().any(|name| set(environment, name).is_some())
        {
            return (Source::Unset, None, named);
        }
        match named {
            Some((source, profile)) => (source, Some(profile), None),
            None => (Source::Unset, None, None),
        }
    }
}

/// Returns a non-empty variable. Empty is how a shell unsets a variable for one command.
fn set(environment: Environment, name: &str) -> Option<String> {
    environment(name).filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A setting, and how each source sets it, the first source first.
    struct Setting {
        name: &'static str,
        flag: fn(&mut Connection, &str),
        variables: &'static [&'static str],
        file: &'static str,
        values: [&'static str; 2],
        chosen: fn(&ResolvedSettings, Environment) -> Option<String>,
    }

    const TEXTS: [&str; 2] = ["first", "second"];
    const SETTINGS: &[Setting] = &[
        Setting {
            name: "timeout",
            flag: |given, value| given.timeout = cli::timeout(value).ok(),
            variables: &["COGNITUI_TIMEOUT"],
            file: "timeout",
            values: ["7", "9"],
            chosen: |choice, _| Some(choice.timeout?.as_secs().to_string()),
        },
        Setting {
            name: "profile",
            flag: |given, value| given.profile = Some(value.to_owned()),
            variables: &["COGNITUI_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_PROFILE"],
            file: "profile",
            values: TEXTS,
            chosen: |choice, _| choice.profile.clone(),
        },
        Setting {
            name: "region",
            flag: |given, value| given.region = Some(value.to_owned()),
            variables: &["COGNITUI_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"],
            file: "region",
            values: TEXTS,
            chosen: |choice, _| choice.region.clone(),
        },
        Setting {
            name: "endpoint",
            flag: |given, value| given.endpoint_url = Some(value.to_owned()),
            variables: &[
                "COGNITUI_ENDPOINT_URL",
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
                "AWS_ENDPOINT_URL",
            ],
            file: "endpoint_url",
            values: TEXTS,
            chosen: |choice, environment| choice.endpoint(environment),
        },
        Setting {
            name: "token endpoint",
            flag: |given, value| given.token_endpoint = Some(value.to_owned()),
            variables: &["COGNITUI_TOKEN_ENDPOINT"],
            file: "token_endpoint",
            values: TEXTS,
            chosen: |choice, _| choice.token_endpoint.clone(),
        },
        Setting {
            name: "CA bundle",
            flag: |given, value| given.ca_bundle = Some(value.into()),
            variables: &["AWS_CA_BUNDLE"],
            file: "ca_bundle",
            values: TEXTS,
            chosen: |choice, _| Some(choice.ca_bundle.as_ref()?.display().to_string()),
        },
    ];

    /// Returns the chosen value if each of these sources has its own. Source 0 is the flag, the last is the file.
    fn chosen(setting: &Setting, sources: &[(usize, &str)]) -> Option<String> {
        let mut given = Connection::default();
        let mut variables = Vec::new();
        let mut file = String::new();
        for (source, value) in sources {
            match source.checked_sub(1).map(|at| setting.variables.get(at)) {
                None => (setting.flag)(&mut given, value),
                Some(Some(name)) => variables.push((*name, (*value).to_owned())),
                Some(None) if value.parse::<u64>().is_ok() => {
                    file = format!("{} = {value}\n", setting.file);
                }
                Some(None) => file = format!("{} = {value:?}\n", setting.file),
            }
        }
        let environment = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| value.clone())
        };
        let config: Config = toml::from_str(&file).unwrap();
        (setting.chosen)(&config.choose(&given, &environment), &environment)
    }

    #[test]
    fn of_every_two_sources_of_every_setting_the_first_wins() {
        for setting in SETTINGS {
            let file = setting.variables.len() + 1;
            for first in 0..=file {
                let [one, two] = setting.values;
                let alone = chosen(setting, &[(first, one)]);
                assert_eq!(alone.as_deref(), Some(one), "{} {first}", setting.name);
                for second in first + 1..=file {
                    let both = chosen(setting, &[(first, one), (second, two)]);
                    let place = format!("{}: {first} before {second}", setting.name);
                    assert_eq!(both.as_deref(), Some(one), "{place}");
                    let empty = chosen(setting, &[(first, ""), (second, two)]);
                    assert_eq!(empty.as_deref(), Some(two), "{place}, the first empty");
                }
            }
            assert_eq!(chosen(setting, &[]), None, "{}", setting.name);
        }
    }

    #[test]
    fn an_endpoint_of_the_environment_that_is_ignored_is_none() {
        let environment = |name: &str| match name {
            "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:1".to_owned()),
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" => Some("True".to_owned()),
            _ => None,
        };
        let settings = ResolvedSettings::default();
        assert_eq!(settings.endpoint(&environment), None);
    }

    #[test]
    fn keys_come_after_a_profile_that_is_given_and_before_all_others() {
        let config: Config = toml::from_str("profile = \"file\"\n").unwrap();
        let choose = |flag: Option<&str>, variables: &[(&str, &str)]| {
            let given = Connection {
                profile: flag.map(str::to_owned),
                ..Connection::default()
            };
            let choice = config.choose(&given, &|name: &str| {
                let found = variables.iter().find(|(variable, _)| *variable == name);
                found.map(|(_, value)| (*value).to_owned())
            });
            let passed_over = choice.passed_over.map(|(_, profile)| profile);
            (choice.source, choice.profile, passed_over)
        };
        let owned = |name: &str| Some(name.to_owned());
        let keys = ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
        let (ours, theirs) = (("COGNITUI_PROFILE", "ours"), ("AWS_PROFILE", "theirs"));
        for (flag, variables, expected) in [
            (
                Some("flag"),
                &[keys, ours, theirs][..],
                (Source::Flag, owned("flag"), None),
            ),
            (
                None,
                &[keys, ours],
                (Source::Variable("COGNITUI_PROFILE"), owned("ours"), None),
            ),
            (None, &[keys, theirs], (Source::Keys, None, owned("theirs"))),
            (None, &[keys], (Source::Keys, None, owned("file"))),
            (
                None,
                &[theirs],
                (Source::Variable("AWS_PROFILE"), owned("theirs"), None),
            ),
            (
                None,
                &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), theirs],
                (Source::Variable("AWS_PROFILE"), owned("theirs"), None),
            ),
            (
                None,
                &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x")],
                (Source::Unset, None, owned("file")),
            ),
            (
                None,
                &[("AWS_ACCESS_KEY_ID", " ")],
                (Source::File, owned("file"), None),
            ),
        ] {
            // As the parser does with a variable that replaces a flag.
            let parsed = flag.or_else(|| variables.contains(&ours).then_some("ours"));
            assert_eq!(
                choose(parsed, variables),
                expected,
                "{flag:?} {variables:?}"
            );
        }
    }
}
