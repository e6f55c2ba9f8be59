//! The text of a step: operation, sentence, warning.

use super::details::words;
use super::step::{Existing, ScopeHolder, Step};
use crate::domain::client::{ClientSettings, ClientSummary, OAuthFlow};
use crate::domain::resource_server::Scope;

/// The maximum of names in a sentence.
const SPELT_OUT: usize = 5;

impl Step {
    /// The API operation of the step; `None` if it does nothing.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        Some(match self {
            Self::CreatePool(_) => "CreateUserPool",
            Self::SetDeletionProtection { .. } => "UpdateUserPool",
            Self::DeletePool { .. } => "DeleteUserPool",
            Self::CreateServer(_) => "CreateResourceServer",
            Self::AddScopes { .. } | Self::UpdateServer { .. } => "UpdateResourceServer",
            Self::DeleteServer { .. } => "DeleteResourceServer",
            Self::CreateClient(_) => "CreateUserPoolClient",
            Self::UpdateClient { .. } | Self::MoveSecret { .. } => "UpdateUserPoolClient",
            Self::RotateManaged { .. } => "RotateSecret",
            Self::DeleteClient { .. } => "DeleteUserPoolClient",
            Self::CreateDomain(_) => "CreateUserPoolDomain",
            Self::UpdateDomain { .. } => "UpdateUserPoolDomain",
            Self::DeleteDomain { .. } => "DeleteUserPoolDomain",
            Self::There(_) | Self::Kept { .. } => return None,
        })
    }

    /// The step as one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::CreatePool(new) => format!("Create user pool {}", new.name),
            Self::SetDeletionProtection { seen, on } => {
                let word = if *on { "on" } else { "off" };
                format!(
                    "Switch deletion protection of user pool {} {word}",
                    seen.name
                )
            }
            Self::DeletePool { name, .. } => format!("Delete user pool {name}"),
            Self::CreateServer(server) if server.scopes.is_empty() => {
                format!("Create resource server {}", server.identifier)
            }
            Self::CreateServer(server) => format!(
                "Create resource server {} with {}",
                server.identifier,
                scopes(&server.scopes)
            ),
            Self::AddScopes {
                before,
                scopes: added,
            } => format!(
                "Add {} to resource server {}",
                scopes(added),
                before.identifier
            ),
            Self::UpdateServer { before, .. } => {
                format!("Change resource server {}", before.identifier)
            }
            Self::DeleteServer { server, .. } => {
                format!("Delete resource server {}", server.identifier)
            }
            Self::CreateClient(client) => format!("Create app client {}", client.name),
            Self::UpdateClient { before, .. } => {
                format!("Change app client {} ({})", before.settings.name, before.id)
            }
            Self::MoveSecret {
                client, managed, ..
            } => {
                let way = if *managed { "into" } else { "out of" };
                format!(
                    "Move the secret of app client {} ({}) {way} AWS Secrets Manager",
                    client.settings.name, client.id
                )
            }
            Self::RotateManaged { id, name, .. } => {
                format!("Rotate the managed secret of app client {name} ({id})")
            }
            Self::DeleteClient { id, name } => format!("Delete app client {name} ({id})"),
            Self::CreateDomain(domain) => format!("Create domain {}", domain.name),
            Self::UpdateDomain { before, .. } => format!("Change domain {}", before.name),
            Self::DeleteDomain { domain, .. } => format!("Delete domain {}", domain.name),
            Self::There(Existing::Pool { id, name }) => format!("User pool {name} exists: {id}"),
            Self::There(Existing::Server { identifier }) => {
                format!("Resource server {identifier} exists with its scopes")
            }
            Self::There(Existing::Client { id, name }) => {
                format!("App client {name} exists: {id}")
            }
            Self::There(Existing::Domain { name }) => format!("Domain {name} exists"),
            Self::Kept { thing, why } => format!("{} is kept: {why}", thing.name()),
        }
    }

    /// Whether the step changes an existing resource.
    #[must_use]
    pub fn is_a_change(&self) -> bool {
        matches!(
            self,
            Self::SetDeletionProtection { .. }
                | Self::AddScopes { .. }
                | Self::UpdateServer { .. }
                | Self::UpdateClient { .. }
                | Self::MoveSecret { .. }
                | Self::RotateManaged { .. }
                | Self::UpdateDomain { .. }
        )
    }

    /// Whether the step cannot be undone.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        matches!(
            self,
            Self::DeletePool { .. }
                | Self::DeleteServer { .. }
                | Self::DeleteClient { .. }
                | Self::DeleteDomain { .. }
        ) || self.deletes_a_secret()
    }

    /// Whether moving a secret deletes one: the one in Secrets Manager, or the older of two.
    fn deletes_a_secret(&self) -> bool {
        match self {
            Self::MoveSecret {
                managed, secrets, ..
            } => !managed || *secrets != Some(1),
            _ => false,
        }
    }

    /// The warning before the step: other affected clients, and what stops working.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match self {
            Self::DeletePool { clients, users, .. } => {
                let users = match users {
                    Some(0) => None,
                    Some(users) => Some(format!("about {users} users")),
                    None => Some("its users (number unknown)".to_owned()),
                };
                let clients = (!clients.is_empty()).then(|| named_clients(clients));
                let gone: Vec<String> = clients.into_iter().chain(users).collect();
                (!gone.is_empty()).then(|| format!("Also deletes {}", gone.join(" and ")))
            }
            Self::UpdateServer { holders, .. } | Self::DeleteServer { holders, .. } => {
                (!holders.is_empty()).then(|| {
                    format!(
                        "These clients' tokens silently lose the scopes: {}",
                        held(holders)
                    )
                })
            }
            Self::DeleteClient { .. } => Some(
                "Cannot be undone. Tokens already issued stay valid until they expire".to_owned(),
            ),
            Self::DeleteDomain { clients, .. } if clients.is_empty() => {
                Some("Deletes its token endpoint".to_owned())
            }
            Self::DeleteDomain { clients, .. } => Some(format!(
                "Deletes the token endpoint of {}",
                named_clients(clients)
            )),
            Self::CreateClient(new) if new.managed_secret => Some(
                "Cognito rotates the secret in Secrets Manager at once, then every 7 days: programs must read it there"
                    .to_owned(),
            ),
            Self::MoveSecret {
                managed, secrets, ..
            } => Some(move_warning(*managed, *secrets)),
            Self::RotateManaged { .. } => Some(
                "Programs that read it from Secrets Manager get the new value. Programs with a copy fail"
                    .to_owned(),
            ),
            Self::UpdateClient { before, after } => client_warning(&before.settings, after),
            _ => None,
        }
    }
}

impl Existing {
    /// Its kind and name.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Pool { name, .. } => format!("User pool {name}"),
            Self::Server { identifier } => format!("Resource server {identifier}"),
            Self::Client { name, .. } => format!("App client {name}"),
            Self::Domain { name } => format!("Domain {name}"),
        }
    }
}

/// The sentences of several steps in one line.
pub(super) fn sentences(steps: &[&Step]) -> String {
    let sentences: Vec<String> = steps
        .iter()
        .take(SPELT_OUT)
        .map(|step| step.sentence())
        .collect();
    match steps.len() - sentences.len() {
        0 => sentences.join("; "),
        more => format!("{}; and {more} more", sentences.join("; ")),
    }
}

fn scopes(scopes: &[Scope]) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name.as_str()).collect();
    let word = if names.len() == 1 { "scope" } else { "scopes" };
    format!("{word} {}", names.join(", "))
}

fn named_clients(clients: &[ClientSummary]) -> String {
    let names: Vec<&str> = clients.iter().map(|client| client.name.as_str()).collect();
    let count = clients.len();
    named(&names, "1 app client:", &format!("{count} app clients:"))
}

/// The same for the remaining clients.
pub(super) fn named_others(clients: &[ClientSummary]) -> String {
    let names: Vec<&str> = clients.iter().map(|client| client.name.as_str()).collect();
    let count = clients.len();
    named(
        &names,
        "1 other app client:",
        &format!("{count} other app clients:"),
    )
}

/// A word, followed by names.
pub(super) fn named(names: &[&str], one: &str, several: &str) -> String {
    let word = if names.len() == 1 { one } else { several };
    let spelt: Vec<&str> = names.iter().take(SPELT_OUT).copied().collect();
    let more = match names.len() - spelt.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{word} {}{more}", spelt.join(", "))
}

pub(super) fn held(holders: &[ScopeHolder]) -> String {
    let each: Vec<String> = holders
        .iter()
        .map(|holder| {
            format!(
                "{} ({})",
                holder.name,
                words(&holder.scopes, |scope| scope.as_str())
            )
        })
        .collect();
    each.join(", ")
}

/// What moving a secret does. Source: the API reference, `UpdateUserPoolClient`, `PublishSecretsInAWSSecretsManager`.
fn move_warning(managed: bool, secrets: Option<usize>) -> String {
    if !managed {
        return "Cognito deletes the Secrets Manager secret at once, without a recovery window: programs that read it fail"
            .to_owned();
    }
    let older = match secrets {
        Some(1) => "",
        Some(_) => "The first rotation deletes the older of the two secrets. ",
        None => "If the client has two secrets, the first rotation deletes the older one. ",
    };
    format!(
        "Cognito rotates the secret at once, then every 7 days. {older}Programs with a copy of its value fail"
    )
}

fn client_warning(before: &ClientSettings, after: &ClientSettings) -> Option<String> {
    let signs_in = |set: &ClientSettings| {
        set.flows
            .iter()
            .any(|flow| matches!(flow, OAuthFlow::Code | OAuthFlow::Implicit))
    };
    if signs_in(before) && !signs_in(after) {
        return Some(
            "Users can no longer sign in with this client: it loses the sign-in flows".to_owned(),
        );
    }
    (before.oauth_enabled && !after.oauth_enabled).then(|| {
        "Turns OAuth off, as Cognito requires for a client without scopes: it gets no more tokens"
            .to_owned()
    })
}
