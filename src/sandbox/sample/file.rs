//! The format of `assets/sandbox/sample.json`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::sandbox::state::GraphApi;

type Settings = Map<String, Value>;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub defaults: Defaults,
    pub pools: Vec<Pool>,
    pub graph_apis: Vec<GraphApi>,
}

/// Defaults of pools and clients.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    pub pool: Settings,
    pub clients: ByKind,
}

/// The settings of each kind of client.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByKind {
    machine: Settings,
    web: Settings,
    mobile: Settings,
    domainless: Settings,
}

/// The purpose of a client.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// client_credentials at the token endpoint.
    #[default]
    Machine,
    /// A site where users sign in with the code flow.
    Web,
    /// An app where users sign in without OAuth.
    Mobile,
    /// GetClientToken.
    Domainless,
}

impl ByKind {
    pub fn of(&self, kind: Kind) -> &Settings {
        match kind {
            Kind::Machine => &self.machine,
            Kind::Web => &self.web,
            Kind::Mobile => &self.mobile,
            Kind::Domainless => &self.domainless,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    pub id: String,
    pub name: String,
    pub age: Age,
    /// How long ago it was last changed; if missing, it never was.
    pub changed: Option<Age>,
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    #[serde(default)]
    pub settings: Settings,
    #[serde(default)]
    pub domains: Vec<Domain>,
    #[serde(default)]
    pub servers: Vec<Server>,
    #[serde(default)]
    pub clients: Vec<Client>,
    pub fleet: Option<Fleet>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum Domain {
    Prefix {
        prefix: String,
    },
    Custom {
        custom: String,
        certificate: String,
        cloudfront: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub identifier: String,
    pub name: String,
    /// Name and description.
    pub scopes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub name: String,
    #[serde(default)]
    pub kind: Kind,
    /// Whether it registered itself.
    #[serde(default)]
    pub registered: bool,
    pub age: Age,
    pub changed: Option<Age>,
    /// The ages of its secrets: if missing, one as old as the client; none for a public client.
    pub secrets: Option<Vec<Age>>,
    /// Whether Cognito keeps the secret in Secrets Manager; the last rotation created the youngest one.
    #[serde(default)]
    pub managed: bool,
    /// Whether Cognito shows no secret because its original one was deleted.
    #[serde(default)]
    pub hides_secret: bool,
    /// The lifetime of its access tokens.
    pub token: Option<Validity>,
    #[serde(default)]
    pub scopes: Vec<String>,
    #[serde(default)]
    pub settings: Settings,
}

/// A rule that generates many clients and scopes: every server has every scope, and a client's name is an owner and a purpose.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fleet {
    count: usize,
    servers: Vec<String>,
    scopes: BTreeMap<String, String>,
    who: Vec<String>,
    what: Vec<String>,
}

impl Fleet {
    pub fn resource_servers(&self) -> impl Iterator<Item = Server> {
        self.servers.iter().map(|identifier| Server {
            identifier: identifier.clone(),
            name: format!("{identifier} API"),
            scopes: self
                .scopes
                .iter()
                .map(|(name, description)| (name.clone(), format!("{description}: {identifier}")))
                .collect(),
        })
    }

    /// Generates the clients: one to four scopes each, created within the last 500 days, lifetimes of 15 minutes to 2 hours.
    pub fn clients(&self) -> impl Iterator<Item = Client> {
        let scopes: Vec<String> = self
            .servers
            .iter()
            .flat_map(|server| {
                self.scopes
                    .keys()
                    .map(move |name| format!("{server}/{name}"))
            })
            .collect();
        let names = self
            .what
            .iter()
            .flat_map(|what| self.who.iter().map(move |who| format!("{who}-{what}")));
        names
            .take(self.count)
            .enumerate()
            .map(move |(index, name)| {
                let age = Age::days(3 + (index * 37) % 497);
                Client {
                    name,
                    kind: Kind::Machine,
                    registered: false,
                    age,
                    changed: None,
                    secrets: Some(vec![age.min(Age::days((index * 13) % 88))]),
                    managed: false,
                    hides_secret: false,
                    token: Some(Validity {
                        count: [60, 15, 30, 120]
                            .into_iter()
                            .cycle()
                            .nth(index % 4)
                            .unwrap_or(60),
                        unit: "minutes".to_owned(),
                    }),
                    scopes: scopes
                        .iter()
                        .cycle()
                        .skip((index * 7) % scopes.len().max(1))
                        .step_by(11)
                        .take(1 + index % 4)
                        .cloned()
                        .collect(),
                    settings: Settings::new(),
                }
            })
    }
}

/// An age: `20m`, `4h`, `12d`, `3y`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Age(pub Duration);

impl Age {
    fn days(days: usize) -> Self {
        Self(Duration::from_secs(
            u64::try_from(days).unwrap_or_default() * 86_400,
        ))
    }
}

impl TryFrom<String> for Age {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (count, unit) = count_and_unit(&text)?;
        let seconds = match unit {
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'y' => 365 * 86_400,
            _ => return Err(format!("`{text}` is not an age like 20m, 4h, 12d or 3y")),
        };
        Ok(Self(Duration::from_secs(u64::from(count) * seconds)))
    }
}

/// The lifetime of a token, in the form of a client's settings: `5m`, `24h`, `1d`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub struct Validity {
    pub count: u32,
    pub unit: String,
}

impl TryFrom<String> for Validity {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (count, unit) = count_and_unit(&text)?;
        let unit = match unit {
            's' => "seconds",
            'm' => "minutes",
            'h' => "hours",
            'd' => "days",
            _ => {
                return Err(format!(
                    "`{text}` is not a lifetime like 300s, 5m, 24h or 1d"
                ));
            }
        };
        let unit = unit.to_owned();
        Ok(Self { count, unit })
    }
}

fn count_and_unit(text: &str) -> Result<(u32, char), String> {
    let mut letters = text.chars();
    letters
        .next_back()
        .and_then(|unit| Some((letters.as_str().parse().ok()?, unit)))
        .ok_or_else(|| format!("`{text}` is not a number and a unit"))
}
