//! From a preset's file and answers to the set-up that is wanted.

use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;

use super::Answers;
use super::file::{ClientTable, DomainTable, File, PoolTable, Scalar, ServerTable, Setting, Text};
use crate::domain::client::{OAuthFlow, Validity};
use crate::domain::limits;
use crate::domain::new_client::NewClient;
use crate::domain::objection::Objection;
use crate::domain::plan::{DesiredPool, DesiredState};
use crate::domain::pool::{NewDomain, NewPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::scope_meant;

/// A string of a preset, cut at its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    Plain(&'a str),
    Key(&'a str),
}

/// Cuts a string at its keys.
///
/// # Errors
/// A single brace.
pub(super) fn pieces(text: &str) -> Result<Vec<Segment<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (plain, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if !plain.is_empty() {
            found.push(Segment::Plain(plain));
        }
        if let Some(further) = from.strip_prefix("{{") {
            found.push(Segment::Plain("{"));
            rest = further;
        } else if let Some(further) = from.strip_prefix("}}") {
            found.push(Segment::Plain("}"));
            rest = further;
        } else if let Some((key, further)) =
            from.strip_prefix('{').and_then(|from| from.split_once('}'))
        {
            found.push(Segment::Key(key));
            rest = further;
        } else {
            return Err("single brace: write {{ or }} for a literal brace".to_owned());
        }
    }
    if !rest.is_empty() {
        found.push(Segment::Plain(rest));
    }
    Ok(found)
}

/// The string with its keys replaced. A key without an answer leaves nothing.
pub(super) fn filled(text: &str, answers: &Answers) -> String {
    let Ok(pieces) = pieces(text) else {
        return text.to_owned();
    };
    let word = |piece: Segment| match piece {
        Segment::Plain(text) => text.to_owned(),
        Segment::Key(key) => answers.get(key).cloned().unwrap_or_default(),
    };
    pieces.into_iter().map(word).collect()
}

/// A value of the file that can't be, with the key of the answer that it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TemplateError {
    pub key: Option<String>,
    pub span: Range<usize>,
    pub message: String,
}

/// Fills a file with answers; what can't be is gathered on the way.
pub(super) struct Renderer<'a> {
    pub answers: &'a Answers,
    pub bad: Vec<TemplateError>,
}

impl Renderer<'_> {
    /// The set-up of a file. `pool` is the pool that was named; `None` where there is neither that nor one in the file.
    pub fn wanted(&mut self, file: &File, pool: Option<DesiredPool>) -> Option<DesiredState> {
        let pool = pool.or_else(|| file.pool.as_ref().and_then(|table| self.pool(table)));
        let servers: Vec<ResourceServer> =
            file.server.iter().map(|table| self.server(table)).collect();
        let client = file.client.as_ref();
        let client = client.map(|table| self.client(table, &servers));
        let domain = file.domain.as_ref().and_then(|table| self.domain(table));
        Some(DesiredState {
            pool: pool?,
            servers,
            client,
            domain,
        })
    }

    fn pool(&mut self, table: &PoolTable) -> Option<DesiredPool> {
        if let Some(find) = &table.find {
            return Some(DesiredPool::Find(self.text(find)));
        }
        let name = table.name.as_ref()?;
        let new = NewPool {
            name: self.checked(name, limits::pool_name),
            admin_create_only: self.flag(table.admin_create_only.as_ref()).unwrap_or(false),
            deletion_protection: self
                .flag(table.deletion_protection.as_ref())
                .unwrap_or(false),
            tier: table.tier.as_ref().map(|tier| {
                self.checked(tier, |tier| one_of(tier, &["LITE", "ESSENTIALS", "PLUS"]))
            }),
            username_attributes: self.list(&table.username_attributes, |attribute| {
                one_of(attribute, &["email", "phone_number"])
            }),
            tags: table
                .tags
                .iter()
                .map(|(key, value)| (key.clone(), self.text(value)))
                .collect(),
        };
        if let Err(message) = limits::tags(&new.tags) {
            self.refuse(name, message);
        }
        Some(DesiredPool::Create(new))
    }

    fn server(&mut self, table: &ServerTable) -> ResourceServer {
        ResourceServer {
            identifier: self.checked(&table.identifier, limits::resource_server_identifier),
            name: self.checked(&table.name, limits::resource_server_name),
            scopes: table
                .scope
                .iter()
                .map(|scope| Scope {
                    name: self.checked(&scope.name, limits::scope_name),
                    description: self.checked(&scope.description, limits::scope_description),
                })
                .collect(),
            ..ResourceServer::default()
        }
    }

    fn client(&mut self, table: &ClientTable, servers: &[ResourceServer]) -> NewClient {
        let anything = |_: &str| Ok::<(), String>(());
        let flows = table.flows.as_ref().map_or_else(
            || vec![OAuthFlow::ClientCredentials],
            |flows| {
                let flows = self.list(flows, |flow| {
                    one_of(flow, &["client_credentials", "code", "implicit"])
                });
                flows
                    .iter()
                    .map(|flow| OAuthFlow::from(flow.as_str()))
                    .collect()
            },
        );
        let scopes = self.list(&table.scopes, |scope| {
            // OpenID scopes have no identifier; whether they go with the flow is the plan's to say.
            if !scope.contains('/') {
                return Ok(());
            }
            limits::full_scope(scope).map_err(|mut objection| {
                if let Some(meant) = scope_meant::meant(scope, Some(servers), None).first() {
                    objection.way_out = format!("{} {}", objection.way_out, meant.question());
                }
                objection
            })
        });
        NewClient {
            name: self.checked(&table.name, limits::client_name),
            generate_secret: self.flag(table.generate_secret.as_ref()).unwrap_or(true),
            managed_secret: self.flag(table.managed_secret.as_ref()).unwrap_or(false),
            oauth_enabled: self.flag(table.oauth_enabled.as_ref()).unwrap_or(true),
            flows,
            scopes: scopes.into_iter().map(ScopeName::new).collect(),
            explicit_auth_flows: self.list(&table.explicit_auth_flows, anything),
            identity_providers: self.list(&table.identity_providers, anything),
            callback_urls: self.list(&table.callback_urls, limits::url),
            logout_urls: self.list(&table.logout_urls, limits::url),
            access_token: self.life(table.access_token.as_ref(), limits::access_token_validity),
            id_token: self.life(table.id_token.as_ref(), limits::id_token_validity),
            refresh_token: self.life(table.refresh_token.as_ref(), limits::refresh_token_validity),
            auth_session_minutes: self.number(table.auth_session_minutes.as_ref(), 3..=15),
            token_revocation: self.flag(table.token_revocation.as_ref()),
            prevent_user_existence_errors: table
                .prevent_user_existence_errors
                .as_ref()
                .map(|mode| self.checked(mode, |mode| one_of(mode, &["ENABLED", "LEGACY"]))),
            ..NewClient::default()
        }
    }

    fn domain(&mut self, table: &DomainTable) -> Option<NewDomain> {
        let managed_login_version = self.number(table.managed_login_version.as_ref(), 1..=2);
        let name = match (&table.prefix, &table.name) {
            (Some(prefix), _) if self.text(prefix).is_empty() => return None,
            (Some(prefix), _) => self.checked(prefix, limits::domain_prefix),
            (None, Some(name)) => self.text(name),
            (None, None) => return None,
        };
        Some(NewDomain {
            name,
            certificate_arn: table.certificate_arn.as_ref().map(|arn| self.text(arn)),
            managed_login_version,
        })
    }

    fn text(&self, text: &Text) -> String {
        filled(text.get_ref(), self.answers)
    }

    fn checked<E: Into<String>>(
        &mut self,
        text: &Text,
        check: impl Fn(&str) -> Result<(), E>,
    ) -> String {
        let value = self.text(text);
        if let Err(wrong) = check(&value) {
            self.refuse(text, wrong);
        }
        value
    }

    /// What is answered with nothing is left out.
    fn list<E: Into<String>>(
        &mut self,
        texts: &[Text],
        check: impl Fn(&str) -> Result<(), E>,
    ) -> Vec<String> {
        let mut values = Vec::new();
        for text in texts {
            if !self.text(text).is_empty() {
                values.push(self.checked(text, &check));
            }
        }
        values
    }

    fn life(
        &mut self,
        text: Option<&Text>,
        check: impl Fn(i64) -> Result<(), Objection>,
    ) -> Option<Validity> {
        let text = text?;
        let life = Validity::from_str(&self.text(text)).and_then(|life| {
            life.seconds().map_or(Ok(()), &check)?;
            Ok(life)
        });
        life.map_err(|message| self.refuse(text, message)).ok()
    }

    fn flag(&mut self, setting: Option<&Setting>) -> Option<bool> {
        let setting = setting?;
        let value = filled(&setting.get_ref().0, self.answers);
        yes_or_no(&value)
            .map_err(|message| self.refuse(setting, message))
            .ok()
    }

    fn number(
        &mut self,
        setting: Option<&Setting>,
        range: std::ops::RangeInclusive<i32>,
    ) -> Option<i32> {
        let setting = setting?;
        let value = filled(&setting.get_ref().0, self.answers);
        let number = value.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!(
                "{value} is no number from {} to {}",
                range.start(),
                range.end()
            );
            self.refuse(setting, message);
        }
        number
    }

    fn refuse<T: AsTemplate>(&mut self, text: &Spanned<T>, message: impl Into<String>) {
        let template = text.get_ref().template();
        let key = pieces(template).ok().and_then(|pieces| {
            pieces.into_iter().find_map(|piece| match piece {
                Segment::Key(key) => Some(key.to_owned()),
                Segment::Plain(_) => None,
            })
        });
        self.bad.push(TemplateError {
            key,
            span: text.span(),
            message: message.into(),
        });
    }
}

/// What may hold keys.
pub(super) trait AsTemplate {
    fn template(&self) -> &str;
}

impl AsTemplate for String {
    fn template(&self) -> &str {
        self
    }
}

impl AsTemplate for Scalar {
    fn template(&self) -> &str {
        &self.0
    }
}

/// A yes or a no, in the words of people and of programs.
pub(super) fn yes_or_no(value: &str) -> Result<bool, String> {
    match value {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        other => Err(format!("{other} is neither yes nor no")),
    }
}

pub(super) fn one_of(value: &str, words: &[&str]) -> Result<(), String> {
    if words.contains(&value) {
        Ok(())
    } else {
        Err(format!("{value} is none of {}", words.join(", ")))
    }
}
