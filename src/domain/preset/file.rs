//! A preset's file as it is written, and the places in it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use toml::Spanned;

use super::{PresetError, QuestionKind};

/// A string that may hold `{key}`.
pub(super) type Text = Spanned<String>;
/// A setting that is no string, and may be one for the sake of `{key}`.
pub(super) type Setting = Spanned<Scalar>;

/// `true`, `2` or a string, as a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scalar(pub String);

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub title: String,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub ask: Vec<AskTable>,
    pub pool: Option<PoolTable>,
    #[serde(default)]
    pub server: Vec<ServerTable>,
    pub client: Option<ClientTable>,
    pub domain: Option<DomainTable>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskTable {
    pub key: Spanned<String>,
    pub label: String,
    #[serde(default)]
    pub kind: QuestionKind,
    #[serde(default)]
    pub choices: Vec<String>,
    pub default: Option<Text>,
    #[serde(default)]
    pub help: String,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PoolTable {
    pub find: Option<Text>,
    pub name: Option<Text>,
    pub admin_create_only: Option<Setting>,
    pub deletion_protection: Option<Setting>,
    pub tier: Option<Text>,
    #[serde(default)]
    pub username_attributes: Vec<Text>,
    #[serde(default)]
    pub tags: BTreeMap<String, Text>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerTable {
    pub identifier: Text,
    pub name: Text,
    #[serde(default)]
    pub scope: Vec<ScopeTable>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeTable {
    pub name: Text,
    pub description: Text,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientTable {
    pub name: Text,
    pub generate_secret: Option<Setting>,
    pub managed_secret: Option<Setting>,
    pub oauth_enabled: Option<Setting>,
    pub flows: Option<Vec<Text>>,
    #[serde(default)]
    pub scopes: Vec<Text>,
    #[serde(default)]
    pub explicit_auth_flows: Vec<Text>,
    #[serde(default)]
    pub identity_providers: Vec<Text>,
    #[serde(default)]
    pub callback_urls: Vec<Text>,
    #[serde(default)]
    pub logout_urls: Vec<Text>,
    pub access_token: Option<Text>,
    pub id_token: Option<Text>,
    pub refresh_token: Option<Text>,
    pub auth_session_minutes: Option<Setting>,
    pub token_revocation: Option<Setting>,
    pub prevent_user_existence_errors: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DomainTable {
    /// An Amazon Cognito domain.
    pub prefix: Option<Text>,
    /// A custom domain, and its certificate.
    pub name: Option<Text>,
    pub certificate_arn: Option<Text>,
    pub managed_login_version: Option<Setting>,
}

/// Reads a file's text.
pub(super) fn read(file: &str, text: &str) -> Result<File, PresetError> {
    toml::from_str(text).map_err(|error| at(file, text, error.span(), error.message()))
}

/// An error at a place in the text; at its start where the place is unknown.
pub(super) fn at(
    file: &str,
    text: &str,
    span: Option<Range<usize>>,
    message: impl Into<String>,
) -> PresetError {
    let before = text
        .get(..span.map_or(0, |span| span.start))
        .unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    PresetError {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
        message: message.into(),
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyScalar;
        impl Visitor<'_> for AnyScalar {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, a number or a string with a {key} in it")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar(value.to_owned()))
            }
        }
        deserializer.deserialize_any(AnyScalar)
    }
}
