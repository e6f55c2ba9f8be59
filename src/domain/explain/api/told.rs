//! A verdict in words: what it means, and its causes with their evidence.

use super::verdict::{ApiVerdict, Case, words};
use super::{Cause, Finding};
use crate::domain::oauth::api_call::Scheme;
use crate::domain::scope::ScopeName;

impl Case<'_> {
    /// What the answer proves, and what follows from it and from the claims.
    pub fn told(&self, verdict: ApiVerdict) -> Finding {
        let (meaning, mut causes) = self.of_the_answer(verdict);
        if verdict.is_about_the_token() {
            causes.extend(self.of_the_token(verdict));
        }
        (meaning, causes)
    }

    fn of_the_answer(&self, verdict: ApiVerdict) -> Finding {
        use ApiVerdict as V;
        match verdict {
            V::Redirected
            | V::NoRoute
            | V::CognitoHost
            | V::Blocked
            | V::Challenged
            | V::Throttled
            | V::Password
            | V::GatewayForbids => self.unseen_token(verdict),
            V::AuthorizerFailed => one(
                "The API's Lambda authorizer failed: nothing is known about the token.",
                Cause::proven(
                    "The authorizer's function failed, or its answer is none that API Gateway takes.",
                    self.exception(),
                    "Read the function's log, and check the policy that it returns.",
                ),
            ),
            V::AuthorizerDenies => (
                "The API denies this call (403): a Lambda authorizer or a resource policy says no."
                    .to_owned(),
                vec![
                    Cause::proven(
                        "A Lambda authorizer's deny, or a resource policy's.",
                        self.quoted(&words::DENIED),
                        "Read the authorizer's log: its policy must allow this method's ARN, and is cached for each token.",
                    ),
                    self.lacking_scope(),
                ],
            ),
            V::PolicyDenies => one(
                "The API denies this call (403) by a policy; that does not depend on the token.",
                Cause::proven(
                    "A resource policy denies it: by address, VPC or account.",
                    self.quoted(&words::POLICY),
                    "Compare the API's resource policy with the place that you call from.",
                ),
            ),
            V::FieldRule => (
                "AppSync takes the token, and the field's rule refuses it.".to_owned(),
                vec![
                    Cause::proven(
                        "The token is good, the field's rule refuses it.",
                        self.evidence(),
                        "Compare the field's @auth rules with the token's claims.",
                    ),
                    no_user(),
                ],
            ),
            V::SchemaRule => (
                "AppSync refuses the call: no rule of the schema lets this token in.".to_owned(),
                vec![
                    Cause {
                        evidence: Some(self.evidence()),
                        ..no_user()
                    },
                    self.other_pool(),
                ],
            ),
            V::Unauthorized => (
                "The API rejects this token (401).".to_owned(),
                vec![
                    Cause::possible(
                        "The REST API method lists no OAuth scopes: its Cognito authorizer then expects an id token, which M2M clients do not get.",
                        "List one of the token's scopes on the method, and deploy the API again.",
                    ),
                    Cause::possible(
                        format!("The token has none of the method's scopes. It has {}.", self.held()),
                        "Compare the method's OAuth scopes with the token's.",
                    ),
                    self.other_pool(),
                    self.other_header(),
                ],
            ),
            V::Forbidden => (
                "The API denies this call (403), and does not say why; it may not have looked at the token."
                    .to_owned(),
                vec![
                    self.lacking_scope(),
                    Cause::possible(
                        "The call was blocked before the API: a resource policy, a web ACL or a wrong path.",
                        "Compare the path and stage with the API's, and read its access log.",
                    ),
                ],
            ),
            of_token => (self.rejects(), self.in_the_apis_words(of_token)),
        }
    }

    /// The answers of something that did not look at the token.
    fn unseen_token(&self, verdict: ApiVerdict) -> Finding {
        use ApiVerdict as V;
        match verdict {
            V::Redirected => {
                let to = self.said.answer.header("location").unwrap_or("nowhere");
                one(
                    &format!(
                        "The API redirects to {to}. Not followed: the token is sent only to the host that you chose."
                    ),
                    Cause::possible(
                        "Wrong URL: a missing path or trailing slash, or a sign-in page.",
                        "Call the redirect URL if you trust it with the token.",
                    ),
                )
            }
            V::NoRoute => (
                "No such route, method or stage: nobody looked at the token.".to_owned(),
                vec![
                    Cause::proven(
                        "API Gateway has no such route, method or stage.",
                        self.evidence(),
                        "Compare the method, the stage and the path with the API's, and deploy it.",
                    ),
                    Cause::possible(
                        "The method is authorized by AWS_IAM: it reads a signature of AWS in the header, and no token.",
                        "Give the method a Cognito, JWT or Lambda authorizer.",
                    ),
                ],
            ),
            V::CognitoHost => one(
                "This is the host of the Cognito API: it has no such path, and nobody looked at the token.",
                Cause::proven(
                    "The URL joins a path to cognito-idp.<region>.amazonaws.com.",
                    self.quoted(&words::COGNITO_HOST),
                    "Use the pool's domain for /oauth2/token and /oauth2/userInfo, and your API's host for its routes.",
                ),
            ),
            V::Blocked => one(
                "A page answers, not the API: nobody is known to have looked at the token.",
                Cause::proven(
                    "A firewall (WAF), a CDN or a web server in front of the API refuses the call.",
                    self.signs(),
                    "Find the request in the log of the web ACL or of the distribution.",
                ),
            ),
            V::Challenged => one(
                "A firewall (AWS WAF) wants proof of a browser: nobody looked at the token.",
                Cause::proven(
                    "A rule of the web ACL answers with a challenge, which programs cannot pass.",
                    self.signs(),
                    "Exempt the API's path from the Challenge and CAPTCHA rules.",
                ),
            ),
            V::Throttled => one(
                "Too many calls (429): that is not about the token.",
                Cause::possible(
                    "The stage's or the usage plan's rate is exceeded.",
                    "Wait a moment, or raise the rate.",
                ),
            ),
            V::Password => one(
                "Something wants a name and a password: nobody looked at the token.",
                Cause::proven(
                    "A proxy or a web server in front of the API guards it.",
                    format!("www-authenticate asks for {}.", self.said.challenge.scheme),
                    "Call the API behind it, or let the Authorization header of this path through.",
                ),
            ),
            _ => (
                "API Gateway itself forbids this call (403); it may not have looked at the token."
                    .to_owned(),
                vec![
                    Cause {
                        evidence: Some(self.exception()),
                        ..Cause::possible(
                            "A web ACL blocks the call, an API key is missing, or the custom domain has no such mapping.",
                            "Read the web ACL's log, and check the method's API key and the domain's mappings.",
                        )
                    },
                    self.lacking_scope(),
                ],
            ),
        }
    }

    /// The API's reason, laid beside the claims.
    fn in_the_apis_words(&self, verdict: ApiVerdict) -> Vec<Cause> {
        use ApiVerdict as V;
        let claim = |name: &str| self.jwt.claim_str(name).unwrap_or("missing").to_owned();
        match verdict {
            V::HeaderForm(form) => vec![self.form(form)],
            V::NoTokenSeen => {
                let mut causes = vec![Cause::proven(
                    "The API found no token, though the Authorization header had one.",
                    self.quoted(&words::ABSENT),
                    "Check which header the API reads, and that no proxy removes Authorization.",
                )];
                causes.push(self.other_header());
                causes
            }
            V::ClockDiffers => {
                let until = self.jwt.expires();
                let until =
                    until.map_or_else(|| "missing".to_owned(), crate::domain::time::Timestamp::utc);
                vec![Cause::proven(
                    "The API says that the token has expired, and by this clock it has not.",
                    format!("{} Its exp is {until}.", self.quoted(&words::EXPIRED)),
                    "Compare the clocks of the API and of this machine, and that the API got this token.",
                )]
            }
            V::Scope => vec![self.wanted_scope()],
            V::Audience => vec![Cause::proven(
                "The authorizer does not know the app client.",
                format!(
                    "{} The token has no aud, so that client_id counts: {}.",
                    self.quoted(&words::AUDIENCE),
                    claim("client_id")
                ),
                "Add the client id to the authorizer's Audience; in code of your own, check client_id in place of aud.",
            )],
            V::Issuer => vec![Cause::proven(
                "The authorizer trusts another issuer.",
                format!(
                    "{} The token's issuer is {}.",
                    self.quoted(&words::ISSUER),
                    claim("iss")
                ),
                "Compare the authorizer's issuer with the token's exactly.",
            )],
            V::Signature => vec![Cause::proven(
                "The authorizer could not verify the signature.",
                self.quoted(&words::SIGNATURE),
                "Check the signature on the token's screen. API Gateway caches a pool's keys for up to two hours.",
            )],
            V::PersonsClaim => vec![Cause::proven(
                "The API wants a claim that a machine's token does not have.",
                format!(
                    "{} Its token_use is {}, and it has no user name, groups or email.",
                    self.quoted(&words::PERSON),
                    claim("token_use")
                ),
                "Let the API check token_use = access, client_id and scope.",
            )],
            V::Named => vec![Cause::proven(
                "The API names the missing part.",
                self.evidence(),
                "Compare it with the claims.",
            )],
            // The claims say it: see `of_the_token`.
            _ => Vec::new(),
        }
    }

    /// What is wrong with the token, independent of the API.
    fn of_the_token(&self, verdict: ApiVerdict) -> Vec<Cause> {
        let mut causes = Vec::new();
        if let Some(at) = self.jwt.expires().filter(|_| self.has_expired()) {
            causes.push(Cause::proven(
                "The token has expired.",
                format!("Its exp is {}.", at.utc()),
                "Get a new one.",
            ));
        }
        if let Some(at) = self.starts_later() {
            causes.push(Cause::proven(
                "The token is not yet valid.",
                format!("Its nbf is {}.", at.utc()),
                "Wait until then, or check the clocks.",
            ));
        } else if verdict == ApiVerdict::NotYetValid {
            causes.push(Cause::proven(
                "The API says that the token is not yet valid.",
                self.quoted(&words::EARLY),
                "Compare the clocks of the API and of this machine.",
            ));
        }
        match self.jwt.claim_str("token_use") {
            Some("access") => {}
            other => causes.push(Cause::proven(
                "It is not an access token.",
                format!("Its token_use is {}.", other.unwrap_or("missing")),
                "Call APIs with the access token.",
            )),
        }
        causes
    }

    fn form(&self, form: Scheme) -> Cause {
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
    fn other_header(&self) -> Cause {
        let wanted = match self.other_form() {
            Scheme::Bare => "raw",
            Scheme::Bearer => "Bearer",
        };
        Cause::possible(
            "The API wants another form of the Authorization header.",
            format!("Set Header to {wanted}, and call again."),
        )
    }

    fn wanted_scope(&self) -> Cause {
        let asked = &self.said.challenge.scope;
        let evidence = if asked.is_empty() {
            let said = self
                .said
                .reason(&words::SCOPE)
                .or(self.said.reasons.first());
            let said = said.map(|reason| format!("{} ", reason.quoted()));
            format!(
                "{}The API asks for one that it does not name; the token has {}.",
                said.unwrap_or_default(),
                self.held()
            )
        } else {
            format!("The API asks for {asked}; the token has {}.", self.held())
        };
        Cause::proven(
            "The token lacks the scope that the API asks for.",
            evidence,
            "Ask for a token with that scope; where the client may not have it, add it to its AllowedOAuthScopes first.",
        )
    }

    fn lacking_scope(&self) -> Cause {
        Cause::possible(
            format!(
                "The token lacks a scope that this route asks for. It has {}.",
                self.held()
            ),
            "Ask for a token with the scope that the route lists.",
        )
    }

    fn other_pool(&self) -> Cause {
        let issuer = self.jwt.claim_str("iss").unwrap_or("missing");
        Cause::possible(
            format!("The API trusts another pool than {issuer}."),
            "Compare the authorizer's user pool with the token's issuer.",
        )
    }

    fn rejects(&self) -> String {
        let status = self.said.answer.status;
        if self.is_appsync() {
            format!("AppSync rejects this token ({status}).")
        } else {
            format!("The API rejects this token ({status}).")
        }
    }

    fn held(&self) -> String {
        let scopes = self.jwt.scopes();
        if scopes.is_empty() {
            return "none".to_owned();
        }
        let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
        names.join(", ")
    }

    /// The first reason with one of these words, else whatever the answer says.
    fn quoted(&self, words: &[&str]) -> String {
        let found = self.said.reason(words);
        found.map_or_else(|| self.evidence(), super::answer::Reason::quoted)
    }

    /// Whatever the answer says.
    fn evidence(&self) -> String {
        match self.said.reasons.first() {
            Some(reason) => reason.quoted(),
            None => self.exception(),
        }
    }

    fn exception(&self) -> String {
        let status = self.said.answer.status;
        match &self.said.exception {
            Some(name) => format!("The answer's error is {name} ({status})."),
            None => format!("The status is {status}."),
        }
    }

    fn signs(&self) -> String {
        let signs = self.said.signs();
        if signs.is_empty() {
            return "The body is a page.".to_owned();
        }
        format!("The answer has {}.", signs.join(", "))
    }
}

fn one(meaning: &str, cause: Cause) -> Finding {
    (meaning.to_owned(), vec![cause])
}

fn no_user() -> Cause {
    Cause::possible(
        "AppSync finds no user and no group: an M2M token has neither.",
        "Authorize by the scope claim, as AWS TEAM does with @auth(groupClaim: \"scope\", groups: [\"api/admin\"]).",
    )
}
