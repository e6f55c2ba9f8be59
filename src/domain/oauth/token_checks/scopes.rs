//! The scopes of a token against those that its client has now, and those that are defined now.

use std::collections::BTreeSet;

use super::{Remedy, TokenContext, TokenIssue};
use crate::domain::client::AppClient;
use crate::domain::pool::UserPool;
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::ScopeName;
use crate::domain::scope_meant::misspelt;

/// How many scopes a sentence names.
const NAMED: usize = 3;

/// What became of one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeFate {
    /// The client lists it, nothing defines it: no token carries it.
    Undefined,
    /// The token carries it; nothing defines it any more.
    Deleted,
    /// The token carries it; the client does not list it any more.
    Removed,
    /// The client has it; the token was requested without it, or before that.
    LeftOut,
    /// The token carries it, and a new one will.
    Carried,
    /// The token carries it. The client, or what is defined, was not read.
    Unread,
    /// Neither the token nor the client has it; it is defined.
    NotAllowed,
}

impl ScopeFate {
    /// Its word for scripts, which never changes.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Deleted => "deleted",
            Self::Removed => "removed",
            Self::LeftOut => "left_out",
            Self::Carried => "carried",
            Self::Unread => "carried_unread",
            Self::NotAllowed => "not_allowed",
        }
    }

    /// What it means for the token.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Undefined => "missing: the client lists it, no resource server defines it",
            Self::Deleted => "in this token, not in new ones: no resource server defines it",
            Self::Removed => "in this token, not in new ones: the client does not have it",
            Self::LeftOut => "missing: the client has it, the token was requested without it",
            Self::Carried => "in the token",
            Self::Unread => "in the token; whether in new ones is not known",
            Self::NotAllowed => "missing: the client does not have it",
        }
    }

    /// Whether the token carries it.
    #[must_use]
    pub const fn is_in_token(self) -> bool {
        matches!(
            self,
            Self::Deleted | Self::Removed | Self::Carried | Self::Unread
        )
    }
}

/// One scope, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedScope {
    pub scope: ScopeName,
    pub fate: ScopeFate,
}

/// The scopes of the token, of its client, and of the resource servers of both; what is missing first. Without its own scopes, all
/// that are defined.
pub(super) fn judged(
    carried: &[ScopeName],
    client: Option<&AppClient>,
    servers: Option<&[ResourceServer]>,
) -> Vec<JudgedScope> {
    let listed = client.map_or(&[][..], |client| &client.settings.scopes);
    let mut names: BTreeSet<ScopeName> = carried.iter().cloned().collect();
    names.extend(
        listed
            .iter()
            .filter(|scope| scope.is_for_machines())
            .cloned(),
    );
    // What a client that was not read may have is not known.
    if client.is_some() {
        let of: BTreeSet<&str> = names
            .iter()
            .filter_map(ScopeName::split)
            .map(|(identifier, _)| identifier)
            .collect();
        let near: Vec<ScopeName> = servers
            .unwrap_or_default()
            .iter()
            .filter(|server| of.is_empty() || of.contains(server.identifier.as_str()))
            .flat_map(ResourceServer::scope_names)
            .collect();
        names.extend(near);
    }
    let mut all: Vec<JudgedScope> = names
        .into_iter()
        .filter_map(|scope| {
            let fate = fate(&scope, carried, client, servers)?;
            Some(JudgedScope { scope, fate })
        })
        .collect();
    all.sort_by_key(|one| one.fate);
    all
}

fn fate(
    scope: &ScopeName,
    carried: &[ScopeName],
    client: Option<&AppClient>,
    servers: Option<&[ResourceServer]>,
) -> Option<ScopeFate> {
    let held = carried.contains(scope);
    let listed = client.map(|client| client.settings.scopes.contains(scope));
    let defined = match ScopeState::of(scope, servers.unwrap_or_default()) {
        // No resource server defines them.
        ScopeState::System | ScopeState::OpenId | ScopeState::Active => Some(true),
        ScopeState::Inactive => servers.map(|_| false),
    };
    Some(match (held, listed, defined) {
        (true, _, Some(false)) => ScopeFate::Deleted,
        (true, Some(false), _) => ScopeFate::Removed,
        (true, Some(true), Some(true)) => ScopeFate::Carried,
        (true, None, _) | (true, Some(true), None) => ScopeFate::Unread,
        (false, Some(true), Some(false)) => ScopeFate::Undefined,
        // The token says nothing of Cognito's own scopes that were not asked for.
        (false, Some(true), Some(true)) if scope.is_system() => return None,
        (false, Some(true), Some(true)) => ScopeFate::LeftOut,
        (false, Some(false), Some(true)) => ScopeFate::NotAllowed,
        (false, ..) => return None,
    })
}

/// What is missing, each cause with what puts it right: the worst first.
pub(super) fn issues(
    scopes: &[JudgedScope],
    client: &AppClient,
    around: &TokenContext,
) -> Vec<TokenIssue> {
    let (servers, pool) = (around.servers, around.pool.value());
    let name = &client.settings.name;
    let of = |fate: ScopeFate| -> Vec<&ScopeName> {
        let those = scopes.iter().filter(|one| one.fate == fate);
        those.map(|one| &one.scope).collect()
    };
    let owned = |scopes: &[&ScopeName]| scopes.iter().map(|scope| (*scope).clone()).collect();
    let mut found = Vec::new();
    let (undefined, deleted) = (of(ScopeFate::Undefined), of(ScopeFate::Deleted));
    if !undefined.is_empty() {
        let meant: Vec<String> = undefined
            .iter()
            .filter_map(|scope| {
                Some(format!(
                    "{} for {scope}",
                    misspelt(scope, servers.unwrap_or_default())?
                ))
            })
            .collect();
        let (list, it) = (listed(&undefined), it(&undefined));
        let title =
            format!("missing {list}: {name} lists {it}, but no resource server defines {it}");
        found.push(if meant.is_empty() {
            TokenIssue::remark(
                &title,
                "AllowedOAuthScopes has it, ListResourceServers does not.",
                format!("Define {list} again: then new tokens carry {it}."),
            )
            .remedy(Remedy::Define(owned(&undefined)))
        } else {
            TokenIssue::remark(
                &title,
                format!("Defined is {}.", meant.join(", ")),
                "Correct AllowedOAuthScopes of the client.",
            )
            .remedy(Remedy::Doctor)
        });
    }
    if !deleted.is_empty() {
        let (list, it) = (listed(&deleted), it(&deleted));
        found.push(
            TokenIssue::remark(
                &format!("missing {list} from new tokens: no resource server defines {it} now"),
                "This token carries it; ListResourceServers does not have it.",
                format!("Define {list} again."),
            )
            .remedy(Remedy::Define(owned(&deleted))),
        );
    }
    let removed = of(ScopeFate::Removed);
    if !removed.is_empty() {
        let (list, it) = (listed(&removed), it(&removed));
        let trigger = pool.is_some_and(UserPool::may_change_m2m_tokens);
        let (title, seen) = if trigger {
            (
                format!("{list}: {name} does not have {it}"),
                "This token carries it: the pool's pre-token trigger may have added it, or the client had it then.",
            )
        } else {
            (
                format!("missing {list} from new tokens: {name} no longer has {it}"),
                "This token carries it; AllowedOAuthScopes does not have it.",
            )
        };
        let fix = format!("Add {list} to AllowedOAuthScopes of {name}.");
        found.push(TokenIssue::remark(&title, seen, fix).remedy(Remedy::Allow(owned(&removed))));
    }
    let left_out = of(ScopeFate::LeftOut);
    if !left_out.is_empty() {
        let (list, it) = (listed(&left_out), it(&left_out));
        let trigger = if pool.is_some_and(UserPool::may_change_m2m_tokens) {
            ", or the pool's pre-token trigger took it out"
        } else {
            ""
        };
        // Which it is: the request says, where it is known.
        let (why, seen) = match around.requested {
            Some(_) => (
                "the token lacks what was requested".to_owned(),
                format!("{name} may have been given {it} just now{trigger}."),
            ),
            None => (
                format!("{name} has {it}, the token was requested without {it} or before that"),
                format!("AllowedOAuthScopes has {it} now{trigger}."),
            ),
        };
        found.push(
            TokenIssue::remark(
                &format!("missing {list}: {why}"),
                seen,
                format!("Request a new token with {list}."),
            )
            .remedy(Remedy::NewToken),
        );
    }
    found
}

/// What an API may want that neither the token nor its client has, with what adds it.
pub(super) fn without(scopes: &[JudgedScope], name: &str) -> Option<(String, Remedy)> {
    let lacking: Vec<&ScopeName> = scopes
        .iter()
        .filter(|one| one.fate == ScopeFate::NotAllowed)
        .map(|one| &one.scope)
        .collect();
    let remedy = match lacking.as_slice() {
        [] => return None,
        [one] => Remedy::Allow(vec![(*one).clone()]),
        _ => Remedy::ChooseScopes,
    };
    let words = format!(
        "without {}: {name} does not have {}",
        listed(&lacking),
        it(&lacking)
    );
    Some((words, remedy))
}

/// Names of scopes, of many the first.
pub(super) fn listed(scopes: &[&ScopeName]) -> String {
    let named = scopes.iter().take(NAMED).map(|scope| scope.as_str());
    let words = named.collect::<Vec<_>>().join(", ");
    match scopes.len().saturating_sub(NAMED) {
        0 => words,
        more => format!("{words} and {more} more"),
    }
}

const fn it<T>(scopes: &[T]) -> &'static str {
    if scopes.len() == 1 { "it" } else { "them" }
}
