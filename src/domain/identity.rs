//! Who calls AWS: profile, account and Region, and the setting that chose the credentials.

use std::fmt;

use serde_json::{Value, json};

use crate::domain::shell::option_word;

/// The setting that chose the credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// `--profile`.
    Flag,
    /// The variable of the environment that names a profile.
    Variable(&'static str),
    /// The `profile` of the configuration file.
    File,
    /// Keys in the environment: `AWS_ACCESS_KEY_ID` and those that belong to it.
    Keys,
    /// None. AWS tools take the `default` profile, or else a web identity, the container's or the instance's role.
    #[default]
    Unset,
    /// The embedded Cognito takes any credentials.
    Embedded,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("profile from --profile"),
            Self::Variable(name) => write!(f, "profile from {name}"),
            Self::File => f.write_str("profile from the configuration file"),
            Self::Keys => f.write_str("keys from AWS_ACCESS_KEY_ID"),
            Self::Unset => f.write_str("default credentials"),
            Self::Embedded => f.write_str("embedded Cognito"),
        }
    }
}

/// The program of the AWS CLI that begins a session of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// `aws sso login`, for IAM Identity Center.
    Sso(String),
    /// `aws login`, for the sign-in of the AWS console.
    Console(String),
}

impl SignIn {
    /// The words of the command.
    #[must_use]
    pub fn command(&self) -> Vec<String> {
        let (words, profile): (&[&str], _) = match self {
            Self::Sso(profile) => (&["aws", "sso", "login"], profile),
            Self::Console(profile) => (&["aws", "login"], profile),
        };
        let words = words.iter().map(|word| (*word).to_owned());
        // One word: a name may begin as an option does.
        words.chain([format!("--profile={profile}")]).collect()
    }
}

impl fmt::Display for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, profile) = match self {
            Self::Sso(profile) => ("aws sso login", profile),
            Self::Console(profile) => ("aws login", profile),
        };
        write!(f, "{words} {}", option_word("--profile", profile))
    }
}

/// Who calls, and where. Shown as one line, such as `team-prod · 123456789012 · eu-west-1 (profile from AWS_PROFILE)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The profile whose credentials are used; `None` where others are.
    pub profile: Option<String>,
    /// The account by STS; `None` while it is not known.
    pub account: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The address of the API, where it is not AWS's own.
    pub endpoint: Option<String>,
    /// What chose the credentials.
    pub source: Source,
}

impl Caller {
    /// As every JSON has it, under `identity`.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "profile": self.profile,
            "account": self.account,
            "region": self.region,
            "endpoint": self.endpoint,
            "source": self.source.to_string(),
        })
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = self.account.as_deref().unwrap_or("account not known");
        let words = [
            self.profile.as_deref(),
            Some(account),
            self.region.as_deref(),
            self.endpoint.as_deref(),
        ];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        write!(f, "{} ({})", words.join(" · "), self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_who_calls_and_by_which_setting() {
        let owned = |text: &str| Some(text.to_owned());
        let caller = Caller {
            profile: owned("team-prod"),
            account: owned("123456789012"),
            region: owned("eu-west-1"),
            endpoint: None,
            source: Source::Variable("AWS_PROFILE"),
        };
        assert_eq!(
            caller.to_string(),
            "team-prod · 123456789012 · eu-west-1 (profile from AWS_PROFILE)"
        );
        let keys = Caller {
            endpoint: owned("http://127.0.0.1:9229"),
            source: Source::Keys,
            ..Caller::default()
        };
        assert_eq!(
            keys.to_string(),
            "account not known · http://127.0.0.1:9229 (keys from AWS_ACCESS_KEY_ID)"
        );
    }
}
