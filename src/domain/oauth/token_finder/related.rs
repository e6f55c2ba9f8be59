//! What is no token but belongs to one: what it is, and what it is about.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::api_call::ApiAnswer;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::OAuthError;

/// The errors of a token endpoint (RFC 6749, section 5.2). APIs have others.
const REFUSALS: [&str; 6] = [
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
];
/// As many letters of an API's words are repeated.
const WORDS: usize = 200;

/// What a text that holds no token is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Related {
    /// Decoded claims, perhaps with the header.
    Claims(Jwt),
    /// What Cognito describes of an app client.
    Client(PoolId, ClientId),
    /// What Cognito describes of a pool, or of something in it.
    Pool(PoolId),
    /// A request to a token endpoint: its host, and the client where it is named.
    TokenRequest {
        host: String,
        client: Option<ClientId>,
    },
    /// A call whose token is not in it: the host that is called.
    Call { host: String },
    /// A token endpoint's refusal.
    Refusal(OAuthError),
    /// An API's answer without a token. Its status is 0 where only the body is there.
    Answer {
        words: String,
        answer: Box<ApiAnswer>,
    },
    /// Public keys.
    Keys,
}

impl Related {
    /// What it is. Outside text in it is not cleaned.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Claims(_) => "these are decoded claims, not a token".to_owned(),
            Self::Client(pool, client) => {
                format!("this describes app client {client} of user pool {pool}; it is no token")
            }
            Self::Pool(pool) => format!("this is about user pool {pool}; it is no token"),
            Self::TokenRequest {
                host,
                client: Some(client),
            } => format!("this requests a token for app client {client} at {host}; it holds none"),
            Self::TokenRequest { host, client: None } => {
                format!("this requests a token at {host}; it holds none")
            }
            Self::Call { host } => format!("this calls {host}; its token is not in it"),
            Self::Refusal(error) => {
                let words = error.words().unwrap_or_default();
                format!("this is a token endpoint's refusal, {words}; it holds no token")
            }
            Self::Answer { words, .. } => {
                format!("this is an API's answer, {words:?}; it holds no token")
            }
            Self::Keys => "these are public keys (JWKS), not a token".to_owned(),
        }
    }

    /// What to do with it, in the console and for scripts.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::Claims(_) => {
                "They are judged without a signature. Paste the token for the whole verdict.".to_owned()
            }
            Self::Client(pool, client) => {
                format!("cognitui doctor --pool {pool} --client {client} finds what is wrong with it.")
            }
            Self::Pool(pool) => format!("cognitui doctor --pool {pool} finds what is wrong with it."),
            Self::TokenRequest { client: Some(client), .. } => format!(
                "cognitui token --pool POOL --client {client} sends it and explains a refusal."
            ),
            Self::TokenRequest { client: None, .. } | Self::Refusal(_) => {
                "cognitui token --pool POOL --client CLIENT requests one and explains a refusal.".to_owned()
            }
            Self::Call { .. } => {
                "Its token is a variable or was left out: give the value that the call sends.".to_owned()
            }
            Self::Answer { .. } => {
                "Give the token that was sent: the console calls the API with it and explains the answer.".to_owned()
            }
            Self::Keys => "Give a token that they signed.".to_owned(),
        }
    }
}

/// What a text without a token is about; `None` if that is not known.
pub(super) fn of(text: &str) -> Option<Related> {
    let text = text.trim();
    if let Some(json) = json_in(text) {
        return of_json(&json, text).or_else(|| of_words(text));
    }
    of_words(text)
}

/// The JSON object that a text is, or that follows an HTTP answer's head.
fn json_in(text: &str) -> Option<Map<String, Value>> {
    let begin = text.find('{')?;
    let whole = text.get(begin..=text.rfind('}')?)?;
    serde_json::from_str(whole).ok()
}

/// What `json`, a part of the `whole` text, is about.
fn of_json(json: &Map<String, Value>, whole: &str) -> Option<Related> {
    if let Some(found) = described(json) {
        return Some(found);
    }
    // Websites and `decode --json` put the parts side by side.
    let payload = ["payload", "claims"]
        .iter()
        .find_map(|name| object(json, name));
    let header = object(json, "header").cloned().unwrap_or_default();
    if let Some(claims) = payload.or(Some(json)).filter(|claims| are_claims(claims)) {
        let header = if payload.is_some() {
            header
        } else {
            Map::new()
        };
        return Some(Related::Claims(Jwt {
            header,
            claims: claims.clone(),
        }));
    }
    let keys = json.get("keys").and_then(Value::as_array);
    if keys.is_some_and(|keys| keys.iter().any(|key| key.get("kty").is_some())) {
        return Some(Related::Keys);
    }
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let code = text("error").filter(|code| REFUSALS.contains(code));
    if let Some(code) = code {
        let description = text("error_description");
        return Some(Related::Refusal(OAuthError {
            code: Some(code.to_owned()),
            description: description.map(|words| words.chars().take(WORDS).collect()),
            body: String::new(),
        }));
    }
    let first = json.get("errors").and_then(|errors| errors.get(0));
    let nested = first
        .and_then(|error| error.get("message"))
        .and_then(Value::as_str);
    let named = ["message", "Message", "detail", "error_description", "error"];
    let words = named.into_iter().find_map(text).or(nested)?;
    Some(Related::Answer {
        words: words.chars().take(WORDS).collect(),
        answer: Box::new(answer(whole)),
    })
}

/// An API's answer as it was copied: its body alone, or after its head.
fn answer(text: &str) -> ApiAnswer {
    // curl -v marks what it received.
    let lines = text
        .lines()
        .map(|line| line.strip_prefix("< ").unwrap_or(line));
    let mut head = lines.skip_while(|line| !line.starts_with("HTTP/"));
    let status = head
        .next()
        .and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    let headers = head
        .map_while(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let json = json_in(text);
    let of_json = json.as_ref().and_then(|json| {
        let code = json.get("statusCode").or_else(|| json.get("status"))?;
        u16::try_from(code.as_u64()?).ok()
    });
    let of_json = of_json.filter(|code| (400..=599).contains(code));
    let body = json.map(|json| Value::Object(json).to_string());
    ApiAnswer {
        status: status.or(of_json).unwrap_or(0),
        headers,
        body: body.unwrap_or_default(),
        cut: false,
        took: Duration::ZERO,
    }
}

/// Two claims that every token of Cognito has, of which no other answer has two.
fn are_claims(json: &Map<String, Value>) -> bool {
    let names = [
        "iss",
        "token_use",
        "exp",
        "client_id",
        "sub",
        "scope",
        "iat",
        "jti",
    ];
    let count = names
        .iter()
        .filter(|name| json.contains_key(**name))
        .count();
    count >= 3 && (json.contains_key("iss") || json.contains_key("token_use"))
}

/// What the AWS CLI prints of `describe-user-pool-client` and the like.
fn described(json: &Map<String, Value>) -> Option<Related> {
    let of = |part: &Map<String, Value>, name: &str| {
        let text = part.get(name).and_then(Value::as_str)?;
        is_id(text).then(|| text.to_owned())
    };
    let client = object(json, "UserPoolClient").unwrap_or(json);
    if let Some((pool, client)) = of(client, "UserPoolId").zip(of(client, "ClientId")) {
        return Some(Related::Client(PoolId::new(pool), ClientId::new(client)));
    }
    for name in ["ResourceServer", "DomainDescription"] {
        let pool = object(json, name).and_then(|part| of(part, "UserPoolId"));
        if let Some(pool) = pool {
            return Some(Related::Pool(PoolId::new(pool)));
        }
    }
    let pool = of(object(json, "UserPool")?, "Id")?;
    Some(Related::Pool(PoolId::new(pool)))
}

/// What an id of Cognito's is made of: it becomes a part of a command to copy.
fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+');
    (1..=128).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with('-')
}

fn object<'a>(json: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
    json.get(name)?.as_object()
}

/// A command or a request as text.
fn of_words(text: &str) -> Option<Related> {
    if let Some(host) = host_of(text) {
        if text.contains("/oauth2/token") || text.contains("client_credentials") {
            let client = after(text, "client_id=").or_else(|| after(text, "--client-id "));
            return Some(Related::TokenRequest {
                host,
                client: client.map(ClientId::new),
            });
        }
        let lower = text.to_ascii_lowercase();
        if lower.contains("authorization") || lower.trim_start().starts_with("curl ") {
            return Some(Related::Call { host });
        }
    }
    let status = text.strip_prefix("HTTP/")?.split_whitespace().nth(1)?;
    let refused = matches!(status, "401" | "403" | "400");
    refused.then(|| Related::Answer {
        words: format!("HTTP {status}"),
        answer: Box::new(answer(text)),
    })
}

/// The host of the first address in a text.
fn host_of(text: &str) -> Option<String> {
    let (_, rest) = text
        .split_once("https://")
        .or_else(|| text.split_once("http://"))?;
    let host: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
        .collect();
    (!host.is_empty()).then_some(host)
}

/// The id that follows a name.
fn after(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(name)?;
    let id: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+'))
        .collect();
    (!id.is_empty()).then_some(id)
}
