//! The causes of each OAuth error.

use super::{Cause, Finding, RefusalContext};
use crate::domain::client::empty_list;
use crate::domain::doctor::RuleId;
use crate::domain::oauth::endpoints;
use crate::domain::oauth::token::ClientAuth;
use crate::domain::resource_server::ScopeState;
use crate::domain::scope::{OPEN_ID, ScopeName};
use crate::domain::scope_meant::{self, Meant, Slip};
use crate::domain::secret::SecretState;

const INVALID_SCOPE: &str =
    "Cognito can grant none of the requested scopes, or one has the wrong type.";

impl RefusalContext<'_> {
    pub(super) fn invalid_client(&self) -> Finding {
        let mut causes = Vec::new();
        if self.secret.as_ref().is_some_and(SecretState::is_public) {
            causes.push(
                Cause::proven(
                    "The client is public: it has no secret.",
                    "The client was created without a secret and cannot get one.",
                    "Make a new client with a secret.",
                )
                .rule(RuleId::MachineWithoutSecret),
            );
        }
        if let Some(domain) = self.foreign_endpoint() {
            causes.push(Cause::proven(
                "The request went to another pool's domain.",
                format!(
                    "The request went to {}, the pool's own endpoint is {domain}.",
                    self.asked()
                ),
                "Use the pool's token endpoint.",
            ));
        }
        let wrong_secret =
            "The secret is wrong: truncated, of another client, or deleted in a rotation.";
        let copy_again =
            "Copy the secret again; where the client has two, check which one is in use.";
        if self.error.description.as_deref() == Some("invalid_client_secret") {
            causes.push(Cause {
                likely: causes.is_empty(),
                evidence: Some(
                    "The answer says invalid_client_secret: the client id is known.".to_owned(),
                ),
                ..Cause::possible(wrong_secret, copy_again)
            });
            causes.extend(self.form_encoded());
        } else {
            causes.push(Cause::possible(
                "The client id is unknown to this domain: mistyped, deleted, or of another pool or Region.",
                "Compare the client id and the domain with the pool's.",
            ));
            causes.push(Cause::possible(wrong_secret, copy_again));
            if self.request.auth == ClientAuth::Basic {
                causes.push(Cause::possible(
                    "In another program: the Authorization header was encoded twice, or ends in a line break.",
                    "Encode `id:secret` in base64 once, without a newline.",
                ));
            }
            causes.extend(self.form_encoded());
        }
        ("Client authentication failed.".to_owned(), causes)
    }

    /// RFC 6749, section 2.3.1, wants what Cognito does not read.
    fn form_encoded(&self) -> Option<Cause> {
        (self.request.auth == ClientAuth::Basic).then(|| {
            Cause::possible(
                "In another program: its library form-encodes id and secret before Base64, and Cognito reads them as they are. A + in the secret becomes %2B.",
                "Send the secret in the body there, or choose one of letters and digits alone.",
            )
        })
    }

    pub(super) fn invalid_grant(&self) -> Finding {
        let mut causes = Vec::new();
        if let Some(client) = self.client {
            if !client.settings.oauth_enabled {
                causes.push(
                    Cause::proven(
                        "OAuth is switched off for this client.",
                        "AllowedOAuthFlowsUserPoolClient is false, which is its default.",
                        "Switch it on in a full update of the client.",
                    )
                    .rule(RuleId::OAuthOff),
                );
            }
            if !client.settings.is_m2m() {
                let flows = client.settings.flow_names();
                let flows = if flows.is_empty() {
                    empty_list("AllowedOAuthFlows").to_owned()
                } else {
                    flows.join(", ")
                };
                causes.push(Cause::proven(
                    "The client may not use client_credentials.",
                    format!("Its flows: {flows}."),
                    "Make a separate client for machines: client_credentials cannot be combined with other flows.",
                ).rule(RuleId::MachineWithoutFlow));
            }
            if client.settings.scopes.is_empty() {
                causes.push(
                    Cause::proven(
                        "The client has no scopes: there is nothing to grant.",
                        "AllowedOAuthScopes is empty.",
                        if client.settings.oauth_enabled {
                            "Add the scopes it needs to AllowedOAuthScopes."
                        } else {
                            "Add the scopes it needs in the same update that switches OAuth on: Cognito refuses one without scopes."
                        },
                    )
                    .rule(RuleId::NoScopes),
                );
            }
            let refused: Vec<&ScopeName> = self
                .request
                .scopes
                .iter()
                .filter(|scope| {
                    self.defined(scope) != Some(false) && !client.settings.scopes.contains(scope)
                })
                .collect();
            if !refused.is_empty() {
                let text = if self.servers.is_some() {
                    "A requested scope exists, but the client may not have it."
                } else {
                    "A requested scope is not among the client's."
                };
                causes.push(Cause::proven(
                    text,
                    format!("Not among the client's scopes: {}.", list(&refused)),
                    "Add it to the client's AllowedOAuthScopes, or do not request it.",
                ));
            }
        }
        if causes.is_empty() {
            causes.extend([
                Cause::possible(
                    "OAuth is switched off for this client (AllowedOAuthFlowsUserPoolClient, off by default).",
                    "Switch it on in a full update of the client.",
                ),
                Cause::possible(
                    "The client may not use client_credentials, or not one of the requested scopes.",
                    "Compare the client's flows and scopes with the request.",
                ),
            ]);
        }
        (
            "Cognito knows the client, but denies this grant.".to_owned(),
            causes,
        )
    }

    pub(super) fn invalid_scope(&self) -> Finding {
        let mut causes = Vec::new();
        let for_people = |scope: &&ScopeName| OPEN_ID.contains(&scope.as_str());
        let without_server = self.request.scopes.iter();
        let (open_id, bare): (Vec<&ScopeName>, Vec<&ScopeName>) = without_server
            .filter(|scope| !scope.is_for_machines())
            .partition(for_people);
        if !open_id.is_empty() {
            causes.push(
                Cause::proven(
                    "client_credentials gives scopes of resource servers only.",
                    format!("Without a resource server: {}.", list(&open_id)),
                    "Ask for identifier/name; openid, email and the like are for sign-in.",
                )
                .rule(RuleId::SignInScopes),
            );
        }
        // A server's name may have a space, at which the list was split.
        let undefined = |scope: &&ScopeName| {
            !OPEN_ID.contains(&scope.as_str()) && self.defined(scope) != Some(true)
        };
        let lost: Vec<&str> = (self.request.scopes.iter().filter(undefined))
            .map(ScopeName::as_str)
            .collect();
        if lost.len() > 1
            && let joined = ScopeName::new(lost.join(" "))
            && let Some(cause) = self.near_by(&joined, Some(Slip::ServersName))
        {
            causes.push(cause);
            return (INVALID_SCOPE.to_owned(), causes);
        }
        for scope in bare {
            causes.push(self.near(scope).unwrap_or_else(|| {
                Cause::proven(
                    "A scope is written identifier/name.",
                    format!("{scope} has no resource server's identifier."),
                    "Take the full scope from the pool's resource servers.",
                )
            }));
        }
        let undefined = self
            .request
            .scopes
            .iter()
            .filter(|scope| scope.split().is_some() && self.defined(scope) == Some(false));
        for scope in undefined {
            causes.push(self.undefined(scope));
        }
        if causes.is_empty() && self.request.scopes.is_empty() {
            causes.push(Cause::possible(
                "All scopes of the client are inactive.",
                "Define one of them again, or give the client a scope that exists.",
            ));
        }
        // Of servers that are not read, the client's scopes may tell.
        if causes.is_empty() && self.servers.is_none() {
            let unlisted = |scope: &&ScopeName| {
                self.client
                    .is_some_and(|client| !client.settings.scopes.contains(scope))
            };
            let asked = self.request.scopes.iter().filter(unlisted);
            causes.extend(asked.filter_map(|scope| self.near(scope)));
        }
        if causes.is_empty() || self.client.is_none() && !causes.iter().any(|cause| cause.likely) {
            causes.push(Cause::possible(
                "A scope is misspelt: case counts, and the identifier is not the server's name.",
                "Refresh the resource servers and compare them with the request.",
            ));
        }
        (INVALID_SCOPE.to_owned(), causes)
    }

    /// The scope that `scope` probably means.
    fn near(&self, scope: &ScopeName) -> Option<Cause> {
        self.near_by(scope, None)
    }

    /// The same, where it was mistyped by this `slip` alone.
    fn near_by(&self, scope: &ScopeName, slip: Option<Slip>) -> Option<Cause> {
        let client = self.client.map(|client| client.settings.scopes.as_slice());
        let found = scope_meant::meant(scope.as_str(), self.servers, client);
        let first = found.first()?;
        if slip.is_some_and(|slip| slip != first.slip) {
            return None;
        }
        let others: Vec<String> = found.iter().skip(1).map(Meant::names).collect();
        let others = if others.is_empty() {
            String::new()
        } else {
            format!(" As near: {}.", others.join(", "))
        };
        let lacking = match self.servers {
            Some(_) => format!("No resource server defines {scope}"),
            None => format!("{scope} is not among the client's scopes"),
        };
        Some(Cause::proven(
            format!("{lacking}: {}.", first.slip.reason()),
            format!("{}{others}", first.question()),
            format!("Ask for {}.", first.names()),
        ))
    }

    /// Why a scope that no server defines is asked for.
    fn undefined(&self, scope: &ScopeName) -> Cause {
        let text = format!("No resource server defines {scope}.");
        if self
            .client
            .is_some_and(|client| client.settings.scopes.contains(scope))
        {
            return Cause::proven(
                text,
                "The client lists it: it was deleted, and has been inactive since.",
                "Define it again on its resource server, or take it off the client.",
            )
            .rule(RuleId::InactiveScopes);
        }
        if let Some(cause) = self.near(scope) {
            return cause;
        }
        Cause::proven(
            text,
            "It is not among the pool's resource servers.",
            "Create it on its resource server and add it to the client, or correct its spelling.",
        )
    }

    pub(super) fn unauthorized_client(&self) -> Finding {
        let cause = match self.client {
            Some(client) if !client.settings.is_m2m() => Cause::proven(
                "The client may not use client_credentials.",
                "client_credentials is not among its flows.",
                "Make a separate client for machines.",
            ),
            _ => Cause::possible(
                "The client is not set up for this grant.",
                "Check that client_credentials is its only flow and that OAuth is on.",
            ),
        };
        (
            "The client is not allowed this kind of grant; M2M clients seldom see this.".to_owned(),
            vec![cause],
        )
    }

    pub(super) fn invalid_request(&self) -> Finding {
        let mut causes = vec![Cause::possible(
            "A parameter is missing or malformed.",
            "Send a form with grant_type=client_credentials, and a slash in a scope as %2F.",
        )];
        causes.push(Cause::possible(
            "In another program: the body is JSON, or its content type is not application/x-www-form-urlencoded.",
            "Send a form, with that content type.",
        ));
        let trigger = self.pool.and_then(|pool| pool.pre_token_trigger.as_ref());
        if let Some(trigger) = trigger.filter(|trigger| trigger.fires_for_m2m() != Some(false)) {
            causes.push(Cause {
                evidence: Some(format!(
                    "The pool has a {} pre-token trigger.",
                    trigger.version
                )),
                ..Cause::possible(
                    "The pool's pre-token trigger failed.",
                    "Read the function's log.",
                )
            });
        }
        ("Cognito could not process the request.".to_owned(), causes)
    }

    pub(super) fn unsupported_grant_type(&self) -> Finding {
        let asked = self.asked();
        let server = if asked.is_empty() {
            "The server".to_owned()
        } else {
            format!("The server at {asked}")
        };
        let cause = Cause::possible(
            format!("{server} does not support client_credentials."),
            "Check that the URL is the token endpoint of a Cognito domain.",
        );
        (
            "The grant type is not one that the token endpoint offers.".to_owned(),
            vec![cause],
        )
    }

    /// `GetClientToken` says `Invalid client or secret` for all of these.
    pub(super) fn api_not_authorized(&self) -> Finding {
        let mut causes = Vec::new();
        if let Some(client) = self
            .client
            .filter(|client| !client.settings.may_get_client_token())
        {
            let flows = if client.settings.explicit_auth_flows.is_empty() {
                empty_list("ExplicitAuthFlows").to_owned()
            } else {
                client.settings.explicit_auth_flows.join(", ")
            };
            causes.push(Cause::proven(
                "GetClientToken needs ALLOW_CLIENT_TOKEN_AUTH as the client's only explicit flow.",
                format!("Its explicit flows: {flows}."),
                "Set ExplicitAuthFlows to exactly ALLOW_CLIENT_TOKEN_AUTH, or use the token endpoint.",
            ).rule(RuleId::ClientTokenNotAlone));
        }
        causes.push(Cause::possible(
            "The secret is wrong: truncated, of another client, or deleted in a rotation.",
            "Copy the secret again; where the client has two, check which one is in use.",
        ));
        (
            "Cognito refuses this client a token through its API.".to_owned(),
            causes,
        )
    }

    /// Whether a resource server or Cognito defines it; `None` if not all servers are read.
    fn defined(&self, scope: &ScopeName) -> Option<bool> {
        self.servers.map(|servers| {
            matches!(
                ScopeState::of(scope, servers),
                ScopeState::Active | ScopeState::System
            )
        })
    }

    /// The pool's endpoint, if the request went to a Cognito domain of another pool.
    fn foreign_endpoint(&self) -> Option<String> {
        let own = endpoints::token_endpoints(self.pool?);
        let asked = self.asked();
        let went_to_cognito =
            asked.contains(".amazoncognito.com/") || asked.contains(".on.amazonwebservices.eu/");
        if !went_to_cognito || own.iter().any(|url| url == asked) {
            return None;
        }
        own.into_iter().next()
    }
}

fn list(scopes: &[&ScopeName]) -> String {
    scopes
        .iter()
        .map(|scope| scope.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
