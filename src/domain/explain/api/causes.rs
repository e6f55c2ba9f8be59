//! The causes of a verdict, each with its evidence in the answer, the call and the token.

use super::Cause;
use super::verdict::{Case, words};
use crate::domain::oauth::api_call::Scheme;
use crate::domain::scope_meant::{self, Slip};

impl Case<'_> {
    pub fn form(&self, form: Scheme) -> Cause {
        let (sent, wanted) = match form {
            Scheme::Bare => ("`Bearer` and the token", "raw"),
            Scheme::Bearer => ("the token alone", "Bearer"),
        };
        let unread = self.said.reason(&words::UNREAD);
        let said = unread
            .or_else(|| self.said.reason(&words::ABSENT))
            .map_or_else(
                || "www-authenticate asks for Bearer, and reports no error.".to_owned(),
                super::answer::Reason::quoted,
            );
        Cause::proven(
            "The API cannot read the token in this form of the Authorization header.",
            format!("{said} The header was {sent}."),
            format!("Set Header to {wanted}, and call again."),
        )
    }

    /// The header's other form, where nothing speaks for it but that this one fails.
    pub fn other_header(&self) -> Cause {
        let fix = match self.other_form() {
            Some(Scheme::Bare) => "Set Header to raw, and call again.",
            Some(Scheme::Bearer) => "Set Header to Bearer, and call again.",
            None => "Send the token alone where it was sent with `Bearer`, or the reverse.",
        };
        Cause::possible(
            "The API wants another form of the Authorization header.",
            fix,
        )
    }

    pub fn no_token(&self) -> Vec<Cause> {
        let mut causes = vec![Cause {
            evidence: Some(self.quoted(&words::ABSENT)),
            likely: true,
            ..Cause::possible(
                if self.call.is_some() {
                    "The API found no token, though the Authorization header had one."
                } else {
                    "The API found no token in the call."
                },
                "Check which header the API reads, and that no proxy removes Authorization.",
            )
        }];
        if self.said.reason(&words::NO_ROUTE).is_some() {
            causes.push(Cause::possible(
                "AWS says the same of a path that it does not have.",
                "Compare the path with the service's, down to its last part.",
            ));
        }
        causes.push(self.other_header());
        causes
    }

    pub fn audience(&self) -> Cause {
        let said = self.quoted(&words::AUDIENCE);
        let aud = self.jwt.and_then(|jwt| jwt.claims.get("aud"));
        if let Some(aud) = aud {
            let aud = aud.as_str().map_or_else(|| aud.to_string(), str::to_owned);
            return Cause::proven(
                "The authorizer expects another audience.",
                format!("{said} The token's aud is {aud}."),
                "Add it to the authorizer's Audience, or request the token for the audience that it expects.",
            );
        }
        let (title, evidence) = match (self.jwt, self.claim("client_id")) {
            (None, _) => (
                "The authorizer does not know the token's audience.",
                "An access token of a machine has no aud, so that client_id counts.".to_owned(),
            ),
            (_, client) => (
                "The authorizer does not know the app client.",
                format!(
                    "The token has no aud, so that client_id counts: {}.",
                    client.unwrap_or("missing")
                ),
            ),
        };
        Cause::proven(
            title,
            format!("{said} {evidence}"),
            "Add the client id to the authorizer's Audience (in AgentCore: to its allowed clients); in code of your own, check client_id in place of aud.",
        )
    }

    pub fn persons_claim(&self) -> Cause {
        let persons = ["username", "cognito:username", "cognito:groups", "email"];
        let has: Vec<&str> = persons
            .into_iter()
            .filter(|name| self.jwt.is_some_and(|jwt| jwt.claims.contains_key(*name)))
            .collect();
        let title = if has.is_empty() {
            "The API wants a claim that a machine's token does not have."
        } else {
            "The API wants a claim that this token does not have."
        };
        let person = if has.is_empty() {
            "it has no user name, groups or email".to_owned()
        } else {
            format!("of a person's claims it has {}", has.join(", "))
        };
        let claims = self.jwt.map(|jwt| {
            let token_use = jwt.claim_str("token_use").unwrap_or("missing");
            format!(" Its token_use is {token_use}, and {person}.")
        });
        let said = self.said.reason(&words::TOKEN_USE).map_or_else(
            || self.quoted(&words::PERSON),
            super::answer::Reason::quoted,
        );
        Cause::proven(
            title,
            said + &claims.unwrap_or_default(),
            "Let the API check token_use = access, client_id and scope.",
        )
    }

    /// The scope that the API asks for, in another spelling than the token's.
    fn other_spelling(&self) -> Option<Cause> {
        let held = self.jwt?.scopes();
        let asked = self.asked_scopes();
        let meant = asked.iter().find_map(|asked| {
            let found = scope_meant::meant(asked.as_str(), None, Some(&held));
            let first = found.into_iter().next()?;
            let same = matches!(first.slip, Slip::Spelling | Slip::BareName | Slip::Comma);
            same.then_some((asked, first))
        });
        let (asked, meant) = meant?;
        Some(Cause::proven(
            "The API asks for a scope that the token has in another spelling.",
            format!(
                "The API asks for {asked}; the token has {}. In the API's {}.",
                meant.names(),
                match meant.slip {
                    Slip::BareName => "the resource server's identifier is missing",
                    Slip::Comma => "list, a comma is not allowed",
                    _ => "spelling, a character differs",
                }
            ),
            format!("Let the API ask for {}, the whole scope.", meant.names()),
        ))
    }

    pub fn wanted_scope(&self) -> Cause {
        if let Some(cause) = self.other_spelling() {
            return cause;
        }
        let asked: Vec<String> = self
            .asked_scopes()
            .iter()
            .map(ToString::to_string)
            .collect();
        let evidence = if asked.is_empty() {
            let said = self
                .said
                .reason(&words::SCOPE)
                .or(self.said.reasons.first());
            let said = said.map(|reason| format!("{} ", reason.quoted()));
            format!(
                "{}The API asks for one that it does not name{}",
                said.unwrap_or_default(),
                self.held("; the token has ")
            )
        } else {
            format!(
                "The API asks for {}{}",
                asked.join(" "),
                self.held("; the token has ")
            )
        };
        Cause::proven(
            "The token lacks the scope that the API asks for.",
            evidence,
            "Ask for a token with that scope; where the client may not have it, add it to its AllowedOAuthScopes first.",
        )
    }

    pub fn lacking_scope(&self) -> Cause {
        Cause::possible(
            format!(
                "The token lacks a scope that this route asks for.{}",
                self.held(" It has ")
            ),
            "Ask for a token with the scope that the route lists.",
        )
    }

    pub fn other_pool(&self) -> Cause {
        let issuer = self.claim("iss").unwrap_or("the token's");
        Cause::possible(
            format!("The API trusts another pool than {issuer}."),
            "Compare the authorizer's user pool with the token's issuer.",
        )
    }
}
