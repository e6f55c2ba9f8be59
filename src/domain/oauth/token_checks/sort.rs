//! What sort of token a JWT is: whose, and by which grant.

use serde_json::Value;

use super::Proof;
use crate::domain::oauth::issuer::Rules;
use crate::domain::oauth::jwt::Jwt;

/// The one scope of a token that `InitiateAuth` and its like issue.
const SELF_SERVICE: &str = "aws.cognito.signin.user.admin";

/// Whose token it is, and how it was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSort {
    /// An app client's own: `client_credentials` or `GetClientToken`.
    Machine,
    /// A person's access token, by `InitiateAuth` or `AdminInitiateAuth`.
    PersonDirect,
    /// A person's access token, by a grant of the pool's domain, such as the authorization code's.
    PersonByCode,
    /// A person's ID token.
    Id,
    /// An access token by a token exchange (RFC 8693): somebody acts for its subject.
    Exchanged,
    /// A token of an issuer that is no user pool.
    Foreign,
    /// A user pool is named as its issuer, but `token_use` is neither access nor id.
    Unknown,
}

impl TokenSort {
    /// The sort by the claims, which may be forged.
    #[must_use]
    pub fn of(jwt: &Jwt, rules: &Rules) -> Self {
        if rules
            .issuer(jwt.claim_str("iss").unwrap_or_default())
            .is_none()
        {
            return Self::Foreign;
        }
        match jwt.claim_str("token_use") {
            Some("id") => Self::Id,
            Some("access") if jwt.claims.contains_key("act") => Self::Exchanged,
            Some("access") if !is_of_person(jwt) => Self::Machine,
            Some("access") => match jwt.scopes().as_slice() {
                [only] if only.as_str() == SELF_SERVICE => Self::PersonDirect,
                _ => Self::PersonByCode,
            },
            _ => Self::Unknown,
        }
    }

    /// Its word for scripts, which never changes.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::PersonDirect => "person_initiate_auth",
            Self::PersonByCode => "person_authorization_code",
            Self::Id => "id",
            Self::Exchanged => "token_exchange",
            Self::Foreign => "not_cognito",
            Self::Unknown => "unknown",
        }
    }

    /// What it is, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Machine => "a machine's access token (client_credentials or GetClientToken)",
            Self::PersonDirect => "a person's access token (InitiateAuth)",
            Self::PersonByCode => "a person's access token (authorization code)",
            Self::Id => "a person's ID token",
            Self::Exchanged => "an access token by token exchange",
            Self::Foreign => "not a token of Amazon Cognito",
            Self::Unknown => "neither an access token nor an ID token",
        }
    }

    /// How sure it is, and by which claims.
    pub(super) fn proof(self, jwt: &Jwt) -> (Proof, String) {
        match self {
            Self::Machine if jwt.claims.contains_key("sub") => {
                (Proof::Good, "sub is client_id".to_owned())
            }
            Self::Machine => (Proof::Likely, "it has no sub and no username".to_owned()),
            // The authorization code's grant gives the same to who asks for that scope alone.
            Self::PersonDirect => (
                Proof::Likely,
                format!("sub is not client_id, and its one scope is {SELF_SERVICE}"),
            ),
            Self::PersonByCode => (
                Proof::Likely,
                "sub is not client_id, and it has other scopes than InitiateAuth gives".to_owned(),
            ),
            Self::Id => (Proof::Good, "token_use is id".to_owned()),
            Self::Exchanged => (Proof::Good, "it has the claim act".to_owned()),
            Self::Foreign => (Proof::Bad, "its issuer is no user pool".to_owned()),
            Self::Unknown => (Proof::Bad, "token_use is neither access nor id".to_owned()),
        }
    }
}

/// Whether a person signed in for it: its subject is somebody, where a machine's is the app client itself.
fn is_of_person(jwt: &Jwt) -> bool {
    match (jwt.claim_str("sub"), jwt.claim_str("client_id")) {
        (Some(subject), Some(client)) => subject != client,
        _ => jwt.claims.contains_key("username"),
    }
}

/// What a claim or header field says in a token of this sort, in one line; `None` for one that Cognito does not define.
#[must_use]
pub fn claim_meaning(name: &str, sort: TokenSort) -> Option<&'static str> {
    if sort != TokenSort::Foreign {
        match name {
            "iss" => return Some("issuer: the user pool"),
            "kid" => return Some("id of the signing key in the pool's JWKS"),
            _ => {}
        }
    }
    let special = match sort {
        TokenSort::Machine => machine(name),
        TokenSort::PersonDirect | TokenSort::PersonByCode => person(name, sort),
        TokenSort::Id => id(name),
        TokenSort::Exchanged => exchanged(name),
        TokenSort::Foreign | TokenSort::Unknown => None,
    };
    special.or_else(|| any(name))
}

fn machine(name: &str) -> Option<&'static str> {
    Some(match name {
        "sub" => "subject: the app client itself, as no user is involved",
        "client_id" => "the app client the token was issued to; check it, as there is no aud",
        "token_use" => "access: for APIs, not for sign-in",
        "auth_time" => "when the client authenticated",
        "aud" => "audience; Cognito puts none into M2M tokens",
        "username" => "user name; M2M tokens have none",
        "cognito:groups" => "groups of the user; M2M tokens have none",
        _ => return None,
    })
}

fn person(name: &str, sort: TokenSort) -> Option<&'static str> {
    Some(match name {
        "sub" => "subject: the person's id in the user pool",
        "client_id" => "the app client that the person signed in to",
        "token_use" => "access: for APIs; the ID token says who signed in",
        "scope" if sort == TokenSort::PersonDirect => {
            "lets the person change the own profile; InitiateAuth gives no other"
        }
        "auth_time" => "when the person signed in",
        "origin_jti" => "unique id of the sign-in; tokens that it was refreshed to share it",
        "event_id" => "unique id of the sign-in's event",
        "username" => "the person's user name",
        "device_key" => "the device that the person signed in on",
        "cognito:groups" => "the person's groups",
        _ => return None,
    })
}

fn id(name: &str) -> Option<&'static str> {
    Some(match name {
        "sub" => "subject: the person's id in the user pool",
        "aud" => "the app client that the person signed in to",
        "token_use" => "id: says who signed in, for an app; not for APIs",
        "auth_time" => "when the person signed in",
        "origin_jti" => "unique id of the sign-in; tokens that it was refreshed to share it",
        "event_id" => "unique id of the sign-in's event",
        "nonce" => "what the app sent with its request; the app compares it",
        "at_hash" => "hash of the access token that came with it",
        "cognito:username" => "the person's user name",
        "cognito:groups" => "the person's groups",
        "cognito:roles" => "IAM roles of the person's groups",
        "cognito:preferred_role" => "the IAM role of the person's first group",
        "identities" => "the accounts of identity providers that the person has",
        "email" => "the person's e-mail address",
        "email_verified" => "whether the e-mail address was confirmed",
        "phone_number" => "the person's phone number",
        "phone_number_verified" => "whether the phone number was confirmed",
        _ => return None,
    })
}

fn exchanged(name: &str) -> Option<&'static str> {
    Some(match name {
        "act" => "who acts for the subject (RFC 8693)",
        "may_act" => "who may act for the subject (RFC 8693)",
        "sub" => "subject: whom somebody acts for",
        "client_id" => "the app client that exchanged a token for this one",
        "token_use" => "access: for APIs",
        "auth_time" => "when the subject authenticated",
        "username" => "the subject's user name",
        "cognito:groups" => "the subject's groups",
        _ => return None,
    })
}

fn any(name: &str) -> Option<&'static str> {
    Some(match name {
        "alg" => "signature algorithm",
        "kid" => "id of the signing key among the issuer's keys",
        "typ" => "kind of token",
        "sub" => "subject",
        "aud" => "audience: whom it is for",
        "client_id" => "the client that it was issued to",
        "scope" => "what the token may do",
        "iss" => "issuer",
        "iat" => "issued at",
        "exp" => "expires: APIs refuse the token from then on",
        "nbf" => "not valid before",
        "version" => "version of the token's format",
        "jti" => "unique id of this token",
        "origin_jti" => "unique id of the authentication that led to this token",
        _ => return None,
    })
}

/// Who acts for the subject of an exchanged token, as far as it says.
pub(super) fn actor(jwt: &Jwt) -> Option<&str> {
    let act = jwt.claims.get("act")?;
    let named = ["sub", "client_id"].map(|name| act.get(name).and_then(Value::as_str));
    named.into_iter().flatten().next()
}
