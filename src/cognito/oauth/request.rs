//! Requests to the token endpoint and `GetClientToken`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::domain::oauth::exchange::MASK;
use crate::domain::oauth::token::{ClientAuth, TokenRequest};
use crate::domain::scope::ScopeName;

/// The length of the shortest secret. A shorter text is no secret and may be part of any word.
const SHORTEST_SECRET: usize = 24;

/// A request's headers and body.
pub(super) struct TokenRequestDraft {
    pub headers: Vec<(&'static str, Zeroizing<String>)>,
    pub body: Zeroizing<String>,
}

/// The request to send.
pub(super) fn with_secret(request: &TokenRequest, secret: &SecretString) -> TokenRequestDraft {
    let secret = secret.expose_secret();
    let pair = Zeroizing::new(format!("{}:{secret}", request.client));
    // Cognito expects id and secret unencoded; RFC 6749 wants them form-encoded.
    let basic = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    let mut encoded = Zeroizing::new(String::new());
    encode(secret, &mut encoded);
    draft(request, &basic, &encoded, secret)
}

/// The secret in every encoding in which it is sent or may be sent back.
pub(super) struct SecretEncodings(Vec<Zeroizing<String>>);

impl SecretEncodings {
    pub fn of(request: &TokenRequest, secret: &SecretString) -> Self {
        let secret = secret.expose_secret();
        let pair = Zeroizing::new(format!("{}:{secret}", request.client));
        // With or without its padding.
        let basic = Zeroizing::new(STANDARD_NO_PAD.encode(pair.as_bytes()));
        let mut found = vec![basic.to_string(), basic.replace('/', "\\/")];
        if secret.len() >= SHORTEST_SECRET {
            let mut encoded = Zeroizing::new(String::new());
            encode(secret, &mut encoded);
            // Of all characters of a secret, JSON and forms encode only the plus differently.
            found.extend([
                secret.to_owned(),
                secret.replace('+', "\\u002b"),
                secret.replace('+', "\\u002B"),
                encoded.replace("%2B", "%2b"),
                encoded.to_string(),
            ]);
        }
        Self(found.into_iter().map(Zeroizing::new).collect())
    }

    /// `text` with a mask for each of them.
    pub fn masked(&self, text: &str) -> Zeroizing<String> {
        self.0
            .iter()
            .fold(Zeroizing::new(text.to_owned()), |text, spelling| {
                Zeroizing::new(text.replace(spelling.as_str(), MASK))
            })
    }
}

/// The same request with the secret masked.
pub(super) fn masked(request: &TokenRequest) -> TokenRequestDraft {
    draft(request, MASK, MASK, MASK)
}

/// `basic`, `encoded` and `plain` are the secret in the header, in a form and in JSON.
fn draft(request: &TokenRequest, basic: &str, encoded: &str, plain: &str) -> TokenRequestDraft {
    let header = |name, value: &str| (name, Zeroizing::new(value.to_owned()));
    match request.auth {
        ClientAuth::Basic => TokenRequestDraft {
            headers: vec![
                ("authorization", Zeroizing::new(format!("Basic {basic}"))),
                header("content-type", FORM),
            ],
            body: form(request, None),
        },
        ClientAuth::Body => TokenRequestDraft {
            headers: vec![header("content-type", FORM)],
            body: form(request, Some(encoded)),
        },
        ClientAuth::Api => TokenRequestDraft {
            headers: vec![
                header("content-type", "application/x-amz-json-1.1"),
                header(
                    "x-amz-target",
                    "AWSCognitoIdentityProviderService.GetClientToken",
                ),
            ],
            body: json(request, plain),
        },
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The form; with the encoded `secret` in it for `client_secret_post`.
fn form(request: &TokenRequest, secret: Option<&str>) -> Zeroizing<String> {
    let mut body = Zeroizing::new("grant_type=client_credentials".to_owned());
    if !request.scopes.is_empty() {
        body.push_str("&scope=");
        encode(&joined(&request.scopes), &mut body);
    }
    body.push_str("&client_id=");
    encode(request.client.as_str(), &mut body);
    if let Some(secret) = secret {
        body.push_str("&client_secret=");
        body.push_str(secret);
    }
    if !request.metadata.is_empty() {
        body.push_str("&aws_client_metadata=");
        encode(&object(&request.metadata).to_string(), &mut body);
    }
    body
}

/// `GetClientToken` without the SDK: unsigned, since it needs no IAM, while the SDK needs credentials.
fn json(request: &TokenRequest, secret: &str) -> Zeroizing<String> {
    let mut body = Map::new();
    body.insert("ClientId".to_owned(), request.client.as_str().into());
    body.insert("Secret".to_owned(), secret.into());
    if !request.scopes.is_empty() {
        let scopes: Vec<&str> = request.scopes.iter().map(ScopeName::as_str).collect();
        body.insert("Scopes".to_owned(), scopes.into());
    }
    if !request.metadata.is_empty() {
        body.insert("ClientMetadata".to_owned(), object(&request.metadata));
    }
    Zeroizing::new(Value::Object(body).to_string())
}

fn object(metadata: &BTreeMap<String, String>) -> Value {
    let members = metadata.iter();
    Value::Object(
        members
            .map(|(key, value)| (key.clone(), value.as_str().into()))
            .collect(),
    )
}

fn joined(scopes: &[ScopeName]) -> String {
    scopes
        .iter()
        .map(ScopeName::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `application/x-www-form-urlencoded`, byte by byte; a space as `%20`, which every server reads.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                into.push(char::from(byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(into, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_and_a_plus_are_encoded() {
        let mut encoded = String::new();
        encode("api/admin a+b~é", &mut encoded);
        assert_eq!(encoded, "api%2Fadmin%20a%2Bb~%C3%A9");
    }
}
