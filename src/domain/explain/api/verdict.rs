//! What an API's answer says about the token, in one word.

use super::answer::{Reason, Said};
use crate::domain::oauth::api_call::{ApiAnswer, ApiCall, Scheme};
use crate::domain::oauth::jwt::Jwt;
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

/// The status of an answer whose body alone is known.
pub(super) const UNKNOWN_STATUS: u16 = 0;

/// What an API's answer means. What is proven comes before what is likely; a status code alone proves little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiVerdict {
    /// To another URL; the token was not sent there.
    Redirected,
    /// No such route, method or stage: the token was not checked.
    NoRoute,
    /// The host is that of the Cognito API, which has no such path.
    CognitoHost,
    /// AWS reads a signature of its own here, and no token.
    AwsSignature,
    /// A page of a firewall, a network of caches or a web server: the token was not checked.
    Blocked,
    /// A firewall wants to see a browser.
    Challenged,
    /// Too many calls.
    Throttled,
    /// A proxy wants a name and a password.
    Password,
    /// API Gateway itself forbids the call: an API key, a firewall, or a domain without a mapping.
    GatewayForbids,
    /// The Lambda authorizer failed, so that there is no answer to the token.
    AuthorizerFailed,
    /// The API could not read a token in the header; it takes another form of it.
    HeaderForm(Scheme),
    /// The API could not read a token in the header; how it was sent is not known.
    Unreadable,
    /// The API found no token.
    NoTokenSeen,
    /// The token has expired.
    Expired,
    /// The API says that the token has expired, and it has not.
    ClockDiffers,
    NotYetValid,
    /// Its `token_use` is not `access`.
    NotAccessToken,
    /// The API checks `aud`, or the client's id is not on its list.
    Audience,
    Issuer,
    Signature,
    /// A scope is missing.
    Scope,
    /// The API wants a claim that a machine's token does not have.
    PersonsClaim,
    /// The API says what is wrong, in words that are not known here.
    Named,
    /// AppSync knows the token, and the field's rule refuses it.
    FieldRule,
    /// AppSync: no rule of the schema lets this token in.
    SchemaRule,
    /// A Lambda authorizer's deny, or a resource policy's.
    AuthorizerDenies,
    /// A resource policy's deny.
    PolicyDenies,
    /// 401, and no reason.
    Unauthorized,
    /// 403, and no reason.
    Forbidden,
}

impl ApiVerdict {
    /// The verdict on an answer to `call` with the token `jwt`; `None` if the answer is not about the token.
    #[must_use]
    pub fn of(answer: &ApiAnswer, call: &ApiCall, jwt: &Jwt, now: Timestamp) -> Option<Self> {
        Case {
            said: Said::of(answer),
            call: Some(call),
            jwt: Some(jwt),
            now,
        }
        .verdict()
    }

    /// The error under which the doctor's rules explain this; `None` where the token was not looked at, or is not the client's matter.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Scope | Self::Forbidden | Self::FieldRule | Self::SchemaRule => {
                Some("insufficient_scope")
            }
            Self::Audience
            | Self::Issuer
            | Self::Signature
            | Self::Named
            | Self::Expired
            | Self::Unauthorized => Some("invalid_token"),
            _ => None,
        }
    }

    /// Whether the API looked at the token, or may have.
    #[must_use]
    pub const fn is_about_the_token(self) -> bool {
        !matches!(
            self,
            Self::Redirected
                | Self::NoRoute
                | Self::CognitoHost
                | Self::AwsSignature
                | Self::Blocked
                | Self::Challenged
                | Self::Throttled
                | Self::Password
                | Self::GatewayForbids
        )
    }
}

/// An answer, and what is known of the call.
pub(super) struct Case<'a> {
    pub said: Said<'a>,
    /// `None` for an answer without its call.
    pub call: Option<&'a ApiCall>,
    /// `None` where the token is not at hand.
    pub jwt: Option<&'a Jwt>,
    pub now: Timestamp,
}

/// Words of AWS's services, gateways and frameworks; in small letters.
pub(super) mod words {
    /// API Gateway, where no method is there to be authorized, or one that wants a signature of AWS.
    pub const NO_ROUTE: [&str; 3] = [
        "missing authentication token",
        "missing equal-sign",
        "authorization header requires 'credential'",
    ];
    /// AWS's own signatures (SigV4) and credentials.
    pub const AWS_SIGNATURE: [&str; 2] = [
        "request signature we calculated",
        "security token included in the request",
    ];
    pub const COGNITO_HOST: [&str; 1] = ["the server did not understand the operation"];
    pub const POLICY: [&str; 1] = ["execute-api:invoke"];
    pub const DENIED: [&str; 1] = ["user is not authorized to access this resource"];
    pub const SCHEMA: [&str; 1] = ["you are not authorized to make this call"];
    /// Something expired,
    pub const EXPIRED: [&str; 3] = ["expire", "\"exp\" claim", "lifetime"];
    /// and it is the token, not a password, a key or a subscription.
    pub const OF_A_TOKEN: [&str; 6] = [
        "token",
        "jwt",
        "jws",
        "signature has",
        "exp claim",
        "\"exp\"",
    ];
    pub const EARLY: [&str; 5] = [
        "not yet valid",
        "not active",
        "used before",
        "issued in the future",
        "nbf",
    ];
    pub const AUDIENCE: [&str; 8] = [
        "'client_id'",
        "audience",
        "aud claim",
        "'aud'",
        "\"aud\"",
        "claim aud",
        "client id not allowed",
        "client_id not allowed",
    ];
    pub const ISSUER: [&str; 4] = ["issuer", "'iss'", "\"iss\"", "iss claim"];
    pub const ABSENT: [&str; 13] = [
        "valid authorization header not provided",
        "no authorization token",
        "no auth token",
        "no token provided",
        "not authenticated",
        "jwt is missing",
        "missing authorization",
        "authorization header is missing",
        "authorization header missing",
        "missing bearer",
        "bearer token not found",
        "missing authentication token",
        "full authentication is required",
    ];
    pub const UNREAD: [&str; 10] = [
        "unable to parse jwt",
        "malformed",
        "not enough segments",
        "number of segments",
        "header.payload.signature",
        "error decoding token",
        "invalid compact",
        "format is authorization",
        "invalid authorization header",
        "invalid token format",
    ];
    pub const SIGNATURE: [&str; 9] = [
        "signature",
        "no matching key",
        "signing method",
        "signing key",
        "jwks",
        "verification fail",
        "invalid kid",
        "match kid",
        "unable to find a key",
    ];
    pub const SCOPE: [&str; 5] = [
        "required scope",
        "higher privileges",
        "insufficient scope",
        "insufficient_scope",
        "missing scope",
    ];
    pub const TOKEN_USE: [&str; 4] = [
        "token_use",
        "token use",
        "be an id token",
        "not an id token",
    ];
    pub const PERSON: [&str; 15] = [
        "cognito:groups",
        "username claim",
        "claim username",
        "username is required",
        "\"username\"",
        "'username'",
        "openid scope",
        "email claim",
        "claim email",
        "\"email\"",
        "'email'",
        "missing claim",
        "missing required claim",
        "missing the \"sub\"",
        "user not found",
    ];
}

impl Case<'_> {
    pub fn verdict(&self) -> Option<ApiVerdict> {
        let said = &self.said;
        let status = said.answer.status;
        if said.answer.header("x-amzn-waf-action").is_some() {
            return Some(ApiVerdict::Challenged);
        }
        if said.reason(&words::COGNITO_HOST).is_some() {
            return Some(ApiVerdict::CognitoHost);
        }
        match status {
            300..=399 => Some(ApiVerdict::Redirected),
            UNKNOWN_STATUS | 401 | 403 => Some(
                self.before_the_token()
                    .unwrap_or_else(|| self.on_the_token()),
            ),
            200..=299 if said.is_graphql_refusal() => Some(ApiVerdict::FieldRule),
            400 if said.is_exception(&["NotAuthorizedException", "UnauthorizedException"])
                || !said.challenge.error.is_empty() =>
            {
                Some(self.on_the_token())
            }
            404 if said.is_api_gateway() => Some(ApiVerdict::NoRoute),
            405 if said.is_page() => Some(ApiVerdict::Blocked),
            429 => Some(ApiVerdict::Throttled),
            500 if said.is_exception(&[
                "AuthorizerConfigurationException",
                "AuthorizerFailureException",
            ]) =>
            {
                Some(ApiVerdict::AuthorizerFailed)
            }
            _ => None,
        }
    }

    /// What refused before anybody looked at the token.
    fn before_the_token(&self) -> Option<ApiVerdict> {
        let said = &self.said;
        let status = said.answer.status;
        if said.reason(&words::AWS_SIGNATURE).is_some()
            || said.is_exception(&["InvalidSignatureException", "UnrecognizedClientException"])
        {
            return Some(ApiVerdict::AwsSignature);
        }
        if status != 401
            && (said.reason(&words::NO_ROUTE).is_some()
                || said.is_exception(&[
                    "MissingAuthenticationTokenException",
                    "IncompleteSignatureException",
                ]))
        {
            return Some(ApiVerdict::NoRoute);
        }
        if matches!(
            said.challenge.scheme.as_str(),
            "basic" | "negotiate" | "ntlm" | "digest"
        ) {
            return Some(ApiVerdict::Password);
        }
        if said.is_page() {
            return Some(ApiVerdict::Blocked);
        }
        if said.reason(&words::POLICY).is_some() {
            return Some(ApiVerdict::PolicyDenies);
        }
        if said.reason(&words::DENIED).is_some() {
            return Some(ApiVerdict::AuthorizerDenies);
        }
        (status != 401 && said.is_exception(&["ForbiddenException"]))
            .then_some(ApiVerdict::GatewayForbids)
    }

    /// What the API says of the token, then what the token says of itself.
    fn on_the_token(&self) -> ApiVerdict {
        let said = &self.said;
        self.in_words()
            .or_else(|| self.by_its_claims())
            .unwrap_or(match said.answer.status {
                _ if said.is_graphql_refusal() => ApiVerdict::SchemaRule,
                403 => ApiVerdict::Forbidden,
                UNKNOWN_STATUS if said.reason(&["forbidden"]).is_some() => ApiVerdict::Forbidden,
                _ => ApiVerdict::Unauthorized,
            })
    }

    fn in_words(&self) -> Option<ApiVerdict> {
        use ApiVerdict as V;
        let said = &self.said;
        let says = |words: &[&str]| said.reason(words).is_some();
        if says(&words::SCHEMA) {
            return Some(V::SchemaRule);
        }
        if self.says_expired() {
            return Some(if self.jwt.is_none() || self.has_expired() {
                V::Expired
            } else {
                V::ClockDiffers
            });
        }
        if says(&words::TOKEN_USE) && (self.is_not_access() || says(&["expected: access"])) {
            return Some(V::NotAccessToken);
        }
        // An API that asks for a scope names the one that would do.
        if said.challenge.error == "insufficient_scope" || !self.missing().is_empty() {
            return Some(V::Scope);
        }
        let known = [
            (&words::EARLY[..], V::NotYetValid),
            (&words::AUDIENCE, V::Audience),
            (&words::ISSUER, V::Issuer),
            (&words::ABSENT, self.unseen()),
            (&words::UNREAD, self.unreadable()),
            (&words::SIGNATURE, V::Signature),
            (&words::SCOPE, V::Scope),
            (&words::TOKEN_USE, V::PersonsClaim),
            (&words::PERSON, V::PersonsClaim),
        ];
        if let Some((_, verdict)) = known.into_iter().find(|(words, _)| says(words)) {
            return Some(verdict);
        }
        let challenge = &said.challenge;
        if challenge.error == "invalid_token" && !challenge.description.is_empty() {
            return Some(V::Named);
        }
        // RFC 6750, section 3.1: a challenge without an error answers a request without a token.
        let no_error = challenge.scheme == "bearer" && challenge.error.is_empty();
        (no_error && self.scheme() == Some(Scheme::Bare)).then_some(V::HeaderForm(Scheme::Bearer))
    }

    fn by_its_claims(&self) -> Option<ApiVerdict> {
        if self.has_expired() {
            return Some(ApiVerdict::Expired);
        }
        if self.starts_later().is_some() {
            return Some(ApiVerdict::NotYetValid);
        }
        self.is_not_access().then_some(ApiVerdict::NotAccessToken)
    }

    fn is_not_access(&self) -> bool {
        self.jwt
            .is_some_and(|jwt| jwt.claim_str("token_use") != Some("access"))
    }

    fn says_expired(&self) -> bool {
        self.expiry_said().is_some()
    }

    /// The reason that says that the token has expired.
    pub fn expiry_said(&self) -> Option<&Reason> {
        self.said.reasons.iter().find(|reason| {
            let text = reason.text.to_ascii_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
            has(&words::EXPIRED) && has(&words::OF_A_TOKEN)
        })
    }

    pub fn has_expired(&self) -> bool {
        let until = self.jwt.and_then(Jwt::expires);
        until.is_some_and(|at| at <= self.now)
    }

    /// The form of the header that was sent, where the call is known.
    pub fn scheme(&self) -> Option<Scheme> {
        self.call.map(|call| call.scheme)
    }

    /// The moment from which the token is valid, where that is in the future.
    pub fn starts_later(&self) -> Option<Timestamp> {
        let from = self.jwt.and_then(|jwt| jwt.claim_time("nbf"));
        from.filter(|at| *at > self.now)
    }

    /// No token was found: of the raw form, which only some services of AWS read, that is the cause.
    fn unseen(&self) -> ApiVerdict {
        match self.scheme() {
            Some(Scheme::Bare) if !self.is_appsync() => ApiVerdict::HeaderForm(Scheme::Bearer),
            _ => ApiVerdict::NoTokenSeen,
        }
    }

    /// The token could not be read.
    fn unreadable(&self) -> ApiVerdict {
        self.other_form()
            .map_or(ApiVerdict::Unreadable, ApiVerdict::HeaderForm)
    }

    /// The form of the header that was not sent.
    pub fn other_form(&self) -> Option<Scheme> {
        Some(match self.scheme()? {
            Scheme::Bearer => Scheme::Bare,
            Scheme::Bare => Scheme::Bearer,
        })
    }

    pub fn is_appsync(&self) -> bool {
        let url = self.call.map(|call| call.url.as_str()).unwrap_or_default();
        url.contains(".appsync-api.") || !self.said.graphql.is_empty()
    }

    /// The scopes that the API asks for.
    pub fn asked_scopes(&self) -> Vec<ScopeName> {
        let of_challenge = self.said.challenge.scope.as_str();
        let asked = if of_challenge.is_empty() {
            // As aws-jwt-verify says it.
            let said = self.said.reason(&words::SCOPE);
            said.and_then(|reason| reason.text.split_once("Expected: "))
                .map_or("", |(_, asked)| asked)
        } else {
            of_challenge
        };
        ScopeName::of_lists(asked.split(',')).into_iter().collect()
    }

    /// The scopes that the API asks for and the token does not have, where one of them would do.
    fn missing(&self) -> Vec<ScopeName> {
        let Some(jwt) = self.jwt else {
            return Vec::new();
        };
        let (held, asked) = (jwt.scopes(), self.asked_scopes());
        if asked.iter().any(|scope| held.contains(scope)) {
            Vec::new()
        } else {
            asked
        }
    }
}
