//! A verdict in words: what it means, and its causes with their evidence.

use super::verdict::{ApiVerdict, Case, UNKNOWN_STATUS, words};
use super::{Cause, Explanation, Finding};
use crate::domain::oauth::jwt::Jwt;
use crate::domain::scope::ScopeName;

impl Case<'_> {
    /// The verdict in words, the likely causes first.
    pub fn explained(&self, verdict: ApiVerdict) -> Explanation {
        let (meaning, mut causes) = self.told(verdict);
        causes.sort_by_key(|cause| !cause.likely);
        Explanation { meaning, causes }
    }

    /// What the answer proves, and what follows from it and from the claims.
    fn told(&self, verdict: ApiVerdict) -> Finding {
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
            | V::AwsSignature
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
                format!(
                    "The API denies this call{}: a Lambda authorizer or a resource policy says no.",
                    self.status()
                ),
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
                &format!(
                    "The API denies this call{} by a policy; that does not depend on the token.",
                    self.status()
                ),
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
            V::Unauthorized => (self.rejects(), self.without_a_reason()),
            V::Forbidden => (
                format!(
                    "The API denies this call{}, and does not say why; it may not have looked at the token.",
                    self.status()
                ),
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

    /// What a 401 without a reason may come from: an HTTP API's JWT authorizer gives one for most.
    fn without_a_reason(&self) -> Vec<Cause> {
        let header = |name| self.said.answer.header(name).is_some();
        let mut causes = Vec::new();
        if header("apigw-requestid") {
            causes.push(Cause::possible(
                "An HTTP API's JWT authorizer finds no token that it can read or no key that signed it, or a Lambda authorizer refuses it.",
                "Compare the authorizer's issuer URL with the token's iss, and its identity source with the header.",
            ));
        } else {
            causes.push(Cause::possible(
                "The REST API method lists no OAuth scopes: its Cognito authorizer then expects an id token, which M2M clients do not get.",
                "List one of the token's scopes on the method, and deploy the API again.",
            ));
            causes.push(Cause::possible(
                format!(
                    "The token has none of the method's scopes.{}",
                    self.held(" It has ")
                ),
                "Compare the method's OAuth scopes with the token's.",
            ));
        }
        causes.push(self.other_pool());
        causes.push(self.other_header());
        causes
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
                "No such route, method or stage: the token was not checked.".to_owned(),
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
                "This is the host of the Cognito API: it has no such path, and the token was not checked.",
                Cause::proven(
                    "The URL joins a path to cognito-idp.<region>.amazonaws.com.",
                    self.quoted(&words::COGNITO_HOST),
                    "Use the pool's domain for /oauth2/token and /oauth2/userInfo, and your API's host for its routes.",
                ),
            ),
            V::AwsSignature => one(
                "AWS wants a request that is signed with AWS credentials here: the token was not checked.",
                Cause::proven(
                    "The API or its method is authorized by AWS_IAM, and reads a signature (SigV4).",
                    self.quoted(&words::AWS_SIGNATURE),
                    "Give it a Cognito, JWT or Lambda authorizer (AppSync: the user pool mode), or sign the call in place of sending a token.",
                ),
            ),
            V::Blocked => one(
                "A page answers, not the API: it is not known whether the token was checked.",
                Cause::proven(
                    "A firewall (WAF), a CDN or a web server in front of the API refuses the call.",
                    self.signs(),
                    "Find the request in the log of the web ACL or of the distribution.",
                ),
            ),
            V::Challenged => one(
                "A firewall (AWS WAF) wants proof of a browser: the token was not checked.",
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
                "Something wants a name and a password: the token was not checked.",
                Cause::proven(
                    "A proxy or a web server in front of the API guards it.",
                    format!("www-authenticate asks for {}.", self.said.challenge.scheme),
                    "Call the API behind it, or let the Authorization header of this path through.",
                ),
            ),
            _ => (
                format!(
                    "API Gateway itself forbids this call{}; it may not have looked at the token.",
                    self.status()
                ),
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

    /// The API's reason, compared with the claims.
    fn in_the_apis_words(&self, verdict: ApiVerdict) -> Vec<Cause> {
        use ApiVerdict as V;
        match verdict {
            V::HeaderForm(form) => vec![self.form(form)],
            V::Unreadable => vec![Cause::proven(
                "The API cannot read the token as it was sent.",
                self.quoted(&words::UNREAD),
                "Send the whole token alone, or with `Bearer` before it: the form that was not sent. AppSync takes it alone.",
            )],
            V::NoTokenSeen => self.no_token(),
            V::Expired if self.jwt.is_none() => vec![Cause::proven(
                "The token has expired, or the API's clock is wrong.",
                self.quoted_expiry(),
                "Get a new one; compare the clocks where that one is refused, too.",
            )],
            V::NotAccessToken if self.jwt.is_none() => vec![Cause::proven(
                "It is not an access token.",
                self.quoted(&words::TOKEN_USE),
                "Call APIs with the access token.",
            )],
            V::ClockDiffers => {
                let until = self.jwt.and_then(Jwt::expires);
                let until =
                    until.map_or_else(|| "missing".to_owned(), crate::domain::time::Timestamp::utc);
                vec![Cause::proven(
                    "The API says that the token has expired, and by this clock it has not.",
                    format!("{} Its exp is {until}.", self.quoted_expiry()),
                    "Compare the clocks of the API and of this machine, and that the API received this token.",
                )]
            }
            V::Scope => vec![self.wanted_scope()],
            V::Audience => vec![self.audience()],
            V::Issuer => {
                let issuer = self.claim("iss");
                let issuer = issuer.map(|iss| format!(" The token's issuer is {iss}."));
                vec![Cause::proven(
                    "The authorizer trusts another issuer.",
                    self.quoted(&words::ISSUER) + &issuer.unwrap_or_default(),
                    "Compare the authorizer's issuer with the token's exactly.",
                )]
            }
            V::Signature => vec![Cause::proven(
                "The authorizer could not verify the signature.",
                self.quoted(&words::SIGNATURE),
                "Check the signature on the token's screen. API Gateway caches a pool's keys for up to two hours.",
            )],
            V::PersonsClaim => vec![self.persons_claim()],
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
        let until = self.jwt.and_then(Jwt::expires);
        if let Some(at) = until.filter(|_| self.has_expired()) {
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
        match self.jwt.map(|jwt| jwt.claim_str("token_use")) {
            None | Some(Some("access")) => {}
            Some(other) => causes.push(Cause::proven(
                "It is not an access token.",
                format!("Its token_use is {}.", other.unwrap_or("missing")),
                "Call APIs with the access token.",
            )),
        }
        causes
    }

    fn rejects(&self) -> String {
        let api = if self.is_appsync() {
            "AppSync"
        } else {
            "The API"
        };
        format!("{api} rejects this token{}.", self.status())
    }

    /// ` (401)`; nothing where it is not known.
    fn status(&self) -> String {
        match self.said.answer.status {
            UNKNOWN_STATUS => String::new(),
            status => format!(" ({status})"),
        }
    }

    pub fn claim(&self, name: &str) -> Option<&str> {
        self.jwt.and_then(|jwt| jwt.claim_str(name))
    }

    /// The token's scopes after these words, as the end of a sentence; only its stop where the token is not at hand.
    pub fn held(&self, before: &str) -> String {
        let end = if before.starts_with(' ') { "" } else { "." };
        let Some(jwt) = self.jwt else {
            return end.to_owned();
        };
        let scopes = jwt.scopes();
        if scopes.is_empty() {
            return format!("{before}none.");
        }
        let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
        format!("{before}{}.", names.join(", "))
    }

    fn quoted_expiry(&self) -> String {
        let said = self.expiry_said();
        said.map_or_else(|| self.evidence(), super::answer::Reason::quoted)
    }

    /// The first reason with one of these words, else whatever the answer says.
    pub fn quoted(&self, words: &[&str]) -> String {
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
            Some(name) => format!("The answer's error is {name}{}.", self.status()),
            None if status == UNKNOWN_STATUS => "The answer gives no reason.".to_owned(),
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
