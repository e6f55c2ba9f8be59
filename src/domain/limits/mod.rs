//! The limits of Cognito's fields, as its API model states them, each refusal with the way out.
//!
//! Lengths count characters. The model's `\w` and `\s` are ASCII.

use std::collections::BTreeMap;

use crate::domain::objection::Objection;
use crate::domain::resource_server::ResourceServer;

/// Shortest and longest life of an access token, in seconds: 5 minutes to 1 day.
pub const ACCESS_TOKEN_SECONDS: std::ops::RangeInclusive<i64> = 300..=86_400;
/// Scopes that one app client may list; a fixed quota.
pub const SCOPES_PER_CLIENT: usize = 50;
/// Scopes that one resource server may define; a fixed quota.
pub const SCOPES_PER_SERVER: usize = 100;
/// Callback URLs, and as many logout URLs, that one app client may list; a fixed quota.
pub const URLS_PER_CLIENT: usize = 100;

/// How many of something a user pool may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub of: &'static str,
    /// What an account has unless AWS raised it.
    pub default: usize,
    /// What AWS raises it to at most.
    pub most: usize,
}

/// App clients of a user pool.
pub const CLIENTS_PER_POOL: Quota = Quota {
    of: "app clients",
    default: 1_000,
    most: 10_000,
};
/// Resource servers of a user pool.
pub const SERVERS_PER_POOL: Quota = Quota {
    of: "resource servers",
    default: 25,
    most: 300,
};
/// Shortest and longest client secret, in characters.
const CLIENT_SECRET_CHARS: std::ops::RangeInclusive<usize> = 24..=64;

/// Words that no domain prefix may have between its hyphens.
const RESERVED_WORDS: [&str; 3] = ["aws", "amazon", "cognito"];

/// `ClientName`: 1 to 128 of `[\w\s+=,.@-]`.
pub fn client_name(name: &str) -> Result<(), Objection> {
    length("The name", name, 128)?;
    only(
        "The name",
        name,
        is_name_char,
        "letters and digits without accents, spaces and _ + = , . @ -",
    )
}

/// `PoolName`: 1 to 128 of `[\w\s+=,.@-]`.
pub fn pool_name(name: &str) -> Result<(), Objection> {
    client_name(name)
}

/// `UserPoolTags`: keys of 1 to 128 characters, values of up to 256, no key that begins with `aws:`.
pub fn tags(tags: &BTreeMap<String, String>) -> Result<(), Objection> {
    for (key, value) in tags {
        length("The tag's key", key, 128)?;
        if !value.is_empty() {
            length("The tag's value", value, 256)?;
        }
        if key.starts_with("aws:") {
            return Err(Objection::new(
                format!("The tag {key} starts with aws:, which AWS reserves"),
                "Choose another key.",
            ));
        }
    }
    Ok(())
}

/// Everything about a resource server that Cognito checks: identifier, name, and its scopes with their descriptions.
pub fn resource_server(server: &ResourceServer) -> Result<(), Objection> {
    resource_server_identifier(&server.identifier)?;
    resource_server_name(&server.name)?;
    for scope in &server.scopes {
        scope_name(&scope.name)?;
        scope_description(&scope.description)?;
    }
    if server.scopes.len() > SCOPES_PER_SERVER {
        return Err(too_many_scopes(server.scopes.len()));
    }
    Ok(())
}

/// What is said of a resource server with more scopes than it may define.
#[must_use]
pub fn too_many_scopes(count: usize) -> Objection {
    Objection::new(
        format!("A resource server can define {SCOPES_PER_SERVER} scopes, these are {count}"),
        "Remove some.",
    )
}

/// A resource server's `Identifier`: 1 to 256 printable ASCII characters without space, `"` and `\`.
pub fn resource_server_identifier(identifier: &str) -> Result<(), Objection> {
    length("The identifier", identifier, 256)?;
    only(
        "The identifier",
        identifier,
        is_identifier_char,
        "printable ASCII without spaces, \" and \\, as in a URL",
    )
}

/// A resource server's `Name`: 1 to 256 of `[\w\s+=,.@-]`.
pub fn resource_server_name(name: &str) -> Result<(), Objection> {
    length("The name", name, 256)?;
    only(
        "The name",
        name,
        is_name_char,
        "letters and digits without accents, spaces and _ + = , . @ -",
    )
}

/// `ScopeName`: as an identifier, and without `/`, because the last `/` of a full scope ends the identifier.
pub fn scope_name(name: &str) -> Result<(), Objection> {
    length("The scope", name, 256)?;
    if name.contains('/') {
        return Err(Objection::new(
            "A scope name has no /",
            "Leave out the part before the /, which is the resource server's identifier.",
        ));
    }
    only(
        "The scope",
        name,
        is_identifier_char,
        "printable ASCII without spaces, \", \\ and /, such as orders.read",
    )
}

/// `ScopeDescription`: 1 to 256 characters of any kind, and required.
pub fn scope_description(description: &str) -> Result<(), Objection> {
    length("The description", description, 256)
}

/// An entry of a client's `AllowedOAuthScopes`: `identifier/name`, 256 characters *together*, although each part alone may have
/// as many.
pub fn full_scope(scope: &str) -> Result<(), Objection> {
    length("The scope with its identifier", scope, 256)?;
    only(
        "The scope",
        scope,
        is_identifier_char,
        "printable ASCII without spaces, \" and \\",
    )?;
    match scope.rsplit_once('/') {
        None => Err(Objection::new(
            format!("{scope} is not a resource server's scope"),
            "Write identifier/name. OpenID scopes are for sign-in only.",
        )),
        Some((identifier, name)) if identifier.is_empty() || name.is_empty() => {
            Err(Objection::new(
                format!("{scope} lacks the part before or after its last /"),
                "Write identifier/name.",
            ))
        }
        Some(_) => Ok(()),
    }
}

/// The prefix of an Amazon Cognito domain: 1 to 63 of `[a-z0-9-]` with no hyphen at either end, and no word between hyphens that
/// Cognito reserves: it accepts `laws`, and rejects `my-aws-app`.
pub fn domain_prefix(prefix: &str) -> Result<(), Objection> {
    length("The prefix", prefix, 63)?;
    only(
        "The prefix",
        prefix,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
        "lowercase letters a-z, digits and hyphens",
    )?;
    if prefix.starts_with('-') || prefix.ends_with('-') {
        return Err(Objection::new(
            "The prefix cannot begin or end with a hyphen",
            "Remove that hyphen.",
        ));
    }
    let mut words = prefix.split('-');
    match words.find(|word| RESERVED_WORDS.contains(word)) {
        Some(word) => Err(Objection::new(
            format!("The prefix cannot contain the reserved word {word}"),
            "Choose another.",
        )),
        None => Ok(()),
    }
}

/// What a domain's sign-in pages may be, in a pool of this tier: version 2 needs `ESSENTIALS` or `PLUS`.
pub fn managed_login(version: i32, tier: Option<&str>) -> Result<(), Objection> {
    if version == 2 && tier == Some("LITE") {
        return Err(Objection::new(
            "Managed login (version 2) needs the ESSENTIALS or PLUS tier, and the pool's is LITE",
            "Choose version 1, whose token endpoint is the same, or raise the pool's tier.",
        ));
    }
    Ok(())
}

/// The life of an access token in seconds: [`ACCESS_TOKEN_SECONDS`].
pub fn access_token_validity(seconds: i64) -> Result<(), Objection> {
    life(
        "access",
        seconds,
        &ACCESS_TOKEN_SECONDS,
        "5 minutes to 24 hours",
    )
}

/// The life of an id token in seconds: as an access token's.
pub fn id_token_validity(seconds: i64) -> Result<(), Objection> {
    life(
        "id",
        seconds,
        &ACCESS_TOKEN_SECONDS,
        "5 minutes to 24 hours",
    )
}

/// The life of a refresh token in seconds: 1 hour to 10 years.
pub fn refresh_token_validity(seconds: i64) -> Result<(), Objection> {
    life(
        "refresh",
        seconds,
        &(3_600..=315_360_000),
        "1 hour to 10 years",
    )
}

/// A callback or logout URL: 1 to 1,024 characters.
pub fn url(url: &str) -> Result<(), Objection> {
    length("The URL", url, 1_024)
}

/// What to do about a value that is no secret.
const WHOLE_SECRET: &str = "Enter the secret alone, and all of it.";

/// The longest secret that an endpoint other than AWS's is sent.
const LONGEST_ELSEWHERE: usize = 128;

/// `ClientSecret` of one's own: 24 to 64 of `[A-Za-z0-9_+]`. What is refused is not repeated: it may be nearly the secret.
pub fn client_secret(value: &str) -> Result<(), Objection> {
    let count = value.chars().count();
    if !CLIENT_SECRET_CHARS.contains(&count) {
        return Err(Objection::new(
            format!("A client secret has 24 to 64 characters, this has {count}"),
            WHOLE_SECRET,
        ));
    }
    if value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '+')
    {
        Ok(())
    } else {
        Err(Objection::new(
            "A client secret can contain only letters and digits without accents, _ and +",
            WHOLE_SECRET,
        ))
    }
}

/// What a person should know who chooses this secret: a program that form-encodes it before Basic (RFC 6749, section 2.3.1) sends another
/// one than Cognito expects, which reads it as it is.
#[must_use]
pub fn secret_warning(value: &str) -> Option<&'static str> {
    // Of letters, digits and these, form-encoding makes themselves.
    let same = |c: char| c.is_ascii_alphanumeric() || "-._*".contains(c);
    (!value.chars().all(same)).then_some(
        "The secret has a character that form-encoding changes, such as +: some OAuth libraries encode it for Basic, and get invalid_client.",
    )
}

/// A client secret that is sent to a Cognito or a stand-in for one: `elsewhere`, where it is not AWS's own, secrets follow no rule of
/// AWS, and what is refused is what no generator makes: spaces, quotes, brackets, line ends, and whatever is longer than any.
pub fn secret_to_send(value: &str, elsewhere: bool) -> Result<(), Objection> {
    if !elsewhere {
        return client_secret(value);
    }
    let count = value.chars().count();
    if count > LONGEST_ELSEWHERE {
        return Err(Objection::new(
            format!("A client secret has at most {LONGEST_ELSEWHERE} characters, this has {count}"),
            WHOLE_SECRET,
        ));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+/=.~-".contains(c);
    if value.chars().all(fits) {
        Ok(())
    } else {
        Err(Objection::new(
            "A client secret can contain only letters and digits without accents, and _ + / = . ~ -",
            WHOLE_SECRET,
        ))
    }
}

fn length(what: &str, text: &str, longest: usize) -> Result<(), Objection> {
    match text.chars().count() {
        0 => Err(Objection::new(
            format!("{what} is empty"),
            format!("Write 1 to {longest} characters."),
        )),
        n if n > longest => Err(Objection::new(
            format!("{what} has {n} characters, {longest} at most"),
            format!("Shorten it by {}.", n - longest),
        )),
        _ => Ok(()),
    }
}

fn only(
    what: &str,
    text: &str,
    allowed: impl Fn(char) -> bool,
    words: &str,
) -> Result<(), Objection> {
    match text.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(Objection::new(
            format!("{what} cannot contain {}", shown(c)),
            format!("Use {words}."),
        )),
        None => Ok(()),
    }
}

fn life(
    token: &str,
    seconds: i64,
    allowed: &std::ops::RangeInclusive<i64>,
    words: &str,
) -> Result<(), Objection> {
    if allowed.contains(&seconds) {
        return Ok(());
    }
    let way_out = if seconds < *allowed.start() {
        "Choose a longer one."
    } else {
        "Choose a shorter one."
    };
    Err(Objection::new(
        format!("The {token} token lifetime is {words}"),
        way_out,
    ))
}

/// A refused character in a form that is safe to print.
fn shown(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        c if c.is_alphanumeric() => c.to_string(),
        c if c.is_ascii_punctuation() => format!("\"{c}\""),
        c => format!("U+{:04X}", u32::from(c)),
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) || c.is_ascii_whitespace() || c == '\u{b}'
}

/// `[\x21\x23-\x5B\x5D-\x7E]`.
fn is_identifier_char(c: char) -> bool {
    c.is_ascii_graphic() && c != '"' && c != '\\'
}

#[cfg(test)]
mod tests;
