//! The limits of Cognito's fields, as its API model states them, each refusal with the way out.
//!
//! Lengths count characters. The model's `\w` and `\s` are ASCII.

use std::collections::BTreeMap;

use super::resource_server::ResourceServer;

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
pub fn client_name(name: &str) -> Result<(), String> {
    length("The name", name, 128)?;
    only(
        "The name",
        name,
        is_name_char,
        "letters and digits without accents, spaces and _ + = , . @ -",
    )
}

/// `PoolName`: 1 to 128 of `[\w\s+=,.@-]`.
pub fn pool_name(name: &str) -> Result<(), String> {
    client_name(name)
}

/// `UserPoolTags`: keys of 1 to 128 characters, values of up to 256, no key that begins with `aws:`.
pub fn tags(tags: &BTreeMap<String, String>) -> Result<(), String> {
    for (key, value) in tags {
        length("The tag's key", key, 128)?;
        if !value.is_empty() {
            length("The tag's value", value, 256)?;
        }
        if key.starts_with("aws:") {
            return Err(format!(
                "The tag {key} starts with aws:, which AWS reserves: choose another key."
            ));
        }
    }
    Ok(())
}

/// Everything about a resource server that Cognito checks: identifier, name, and its scopes with their descriptions.
pub fn resource_server(server: &ResourceServer) -> Result<(), String> {
    resource_server_identifier(&server.identifier)?;
    resource_server_name(&server.name)?;
    for scope in &server.scopes {
        scope_name(&scope.name)?;
        scope_description(&scope.description)?;
    }
    if server.scopes.len() > SCOPES_PER_SERVER {
        return Err(format!(
            "A resource server can define {SCOPES_PER_SERVER} scopes, these are {}: remove some.",
            server.scopes.len()
        ));
    }
    Ok(())
}

/// A resource server's `Identifier`: 1 to 256 printable ASCII characters without space, `"` and `\`.
pub fn resource_server_identifier(identifier: &str) -> Result<(), String> {
    length("The identifier", identifier, 256)?;
    only(
        "The identifier",
        identifier,
        is_identifier_char,
        "printable ASCII without spaces, \" and \\, as in a URL",
    )
}

/// A resource server's `Name`: 1 to 256 of `[\w\s+=,.@-]`.
pub fn resource_server_name(name: &str) -> Result<(), String> {
    length("The name", name, 256)?;
    only(
        "The name",
        name,
        is_name_char,
        "letters and digits without accents, spaces and _ + = , . @ -",
    )
}

/// `ScopeName`: as an identifier, and without `/`, because the last `/` of a full scope ends the identifier.
pub fn scope_name(name: &str) -> Result<(), String> {
    length("The scope", name, 256)?;
    if name.contains('/') {
        return Err(
            "A scope name has no /: the part before the / is the resource server's identifier."
                .to_owned(),
        );
    }
    only(
        "The scope",
        name,
        is_identifier_char,
        "printable ASCII without spaces, \", \\ and /, such as orders.read",
    )
}

/// `ScopeDescription`: 1 to 256 characters of any kind, and required.
pub fn scope_description(description: &str) -> Result<(), String> {
    length("The description", description, 256)
}

/// An entry of a client's `AllowedOAuthScopes`: `identifier/name`, 256 characters *together*, although each part alone may have
/// as many.
pub fn full_scope(scope: &str) -> Result<(), String> {
    length("The scope with its identifier", scope, 256)?;
    only(
        "The scope",
        scope,
        is_identifier_char,
        "printable ASCII without spaces, \" and \\",
    )?;
    match scope.rsplit_once('/') {
        None => Err(format!(
            "{scope} is not a resource server's scope: write identifier/name. OpenID scopes are for sign-in only."
        )),
        Some((identifier, name)) if identifier.is_empty() || name.is_empty() => Err(format!(
            "{scope} lacks the part before or after its last /: write identifier/name."
        )),
        Some(_) => Ok(()),
    }
}

/// The prefix of an Amazon Cognito domain: 1 to 63 of `[a-z0-9-]` with no hyphen at either end, and no word between hyphens that
/// Cognito reserves: it accepts `laws`, and rejects `my-aws-app`.
pub fn domain_prefix(prefix: &str) -> Result<(), String> {
    length("The prefix", prefix, 63)?;
    only(
        "The prefix",
        prefix,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
        "lowercase letters a-z, digits and hyphens",
    )?;
    if prefix.starts_with('-') || prefix.ends_with('-') {
        return Err("The prefix cannot begin or end with a hyphen.".to_owned());
    }
    let mut words = prefix.split('-');
    match words.find(|word| RESERVED_WORDS.contains(word)) {
        Some(word) => Err(format!(
            "The prefix cannot contain the reserved word {word}: choose another."
        )),
        None => Ok(()),
    }
}

/// What a domain's sign-in pages may be, in a pool of this tier: version 2 needs `ESSENTIALS` or `PLUS`.
pub fn managed_login(version: i32, tier: Option<&str>) -> Result<(), String> {
    if version == 2 && tier == Some("LITE") {
        return Err("Managed login (version 2) needs the ESSENTIALS or PLUS tier, and the pool's is LITE: choose version 1, whose token \
                    endpoint is the same, or raise the pool's tier."
            .to_owned());
    }
    Ok(())
}

/// The life of an access token in seconds: [`ACCESS_TOKEN_SECONDS`].
pub fn access_token_validity(seconds: i64) -> Result<(), String> {
    if ACCESS_TOKEN_SECONDS.contains(&seconds) {
        Ok(())
    } else {
        Err("The access token lifetime is 5 minutes to 24 hours.".to_owned())
    }
}

/// The life of an id token in seconds: as an access token's.
pub fn id_token_validity(seconds: i64) -> Result<(), String> {
    if ACCESS_TOKEN_SECONDS.contains(&seconds) {
        Ok(())
    } else {
        Err("The id token lifetime is 5 minutes to 24 hours.".to_owned())
    }
}

/// The life of a refresh token in seconds: 1 hour to 10 years.
pub fn refresh_token_validity(seconds: i64) -> Result<(), String> {
    if (3_600..=315_360_000).contains(&seconds) {
        Ok(())
    } else {
        Err("The refresh token lifetime is 1 hour to 10 years.".to_owned())
    }
}

/// A callback or logout URL: 1 to 1,024 characters.
pub fn url(url: &str) -> Result<(), String> {
    length("The URL", url, 1_024)
}

/// The longest secret that an endpoint other than AWS's is sent.
const LONGEST_ELSEWHERE: usize = 128;

/// `ClientSecret` of one's own: 24 to 64 of `[A-Za-z0-9_+]`. What is refused is not repeated: it may be nearly the secret.
pub fn client_secret(value: &str) -> Result<(), String> {
    let count = value.chars().count();
    if !CLIENT_SECRET_CHARS.contains(&count) {
        return Err(format!(
            "A client secret has 24 to 64 characters: this has {count}."
        ));
    }
    if value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '+')
    {
        Ok(())
    } else {
        Err(
            "A client secret can contain only letters and digits without accents, _ and +."
                .to_owned(),
        )
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
pub fn secret_to_send(value: &str, elsewhere: bool) -> Result<(), String> {
    if !elsewhere {
        return client_secret(value);
    }
    let count = value.chars().count();
    if count > LONGEST_ELSEWHERE {
        return Err(format!(
            "A client secret has at most {LONGEST_ELSEWHERE} characters: this has {count}."
        ));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+/=.~-".contains(c);
    if value.chars().all(fits) {
        Ok(())
    } else {
        Err("A client secret can contain only letters and digits without accents, and _ + / = . ~ -.".to_owned())
    }
}

fn length(what: &str, text: &str, longest: usize) -> Result<(), String> {
    match text.chars().count() {
        0 => Err(format!("{what} is empty: write 1 to {longest} characters.")),
        n if n > longest => Err(format!(
            "{what} has {n} characters, {longest} at most: shorten it by {}.",
            n - longest
        )),
        _ => Ok(()),
    }
}

fn only(what: &str, text: &str, allowed: impl Fn(char) -> bool, words: &str) -> Result<(), String> {
    match text.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(format!("{what} cannot contain {}: use {words}.", shown(c))),
        None => Ok(()),
    }
}

/// A refused character in a form that is safe to print.
fn shown(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        c if c.is_alphanumeric() || c.is_ascii_punctuation() => c.to_string(),
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
mod tests {
    use super::*;

    #[test]
    fn an_emulators_secrets_are_its_own() {
        for (secret, elsewhere) in [
            ("abc/DEF+ghi==", true),
            ("0b1f6f0e-7d8f-4d3a-9f52-5c1f0c7a9e11", true),
            ("a", true),
            ("two words", false),
            ("line\nend", false),
            ("{\"a\":1}", false),
            ("it's", false),
        ] {
            assert_eq!(secret_to_send(secret, true).is_ok(), elsewhere, "{secret}");
            assert!(secret_to_send(secret, false).is_err(), "{secret}");
        }
        assert!(secret_to_send(&"x".repeat(129), true).is_err());
        assert!(secret_to_send(&"x".repeat(64), false).is_ok());
    }

    #[test]
    fn names_count_characters_and_keep_to_their_alphabet() {
        assert!(client_name("machine_auth +=,.@-").is_ok());
        assert!(client_name(&"x".repeat(128)).is_ok());
        assert_eq!(
            client_name(&"x".repeat(130)).unwrap_err(),
            "The name has 130 characters, 128 at most: shorten it by 2."
        );
        assert!(client_name("").unwrap_err().contains("empty"));
        assert!(
            client_name("café")
                .unwrap_err()
                .starts_with("The name cannot contain é")
        );
        assert!(client_name("a\u{202e}b").unwrap_err().contains("U+202E"));
        assert!(resource_server_name(&"x".repeat(256)).is_ok());
        assert!(resource_server_name("a/b").is_err());
    }

    #[test]
    fn a_client_secret_is_checked_and_never_repeated() {
        assert!(client_secret(&"a+_Z9".repeat(5)).is_ok());
        assert!(client_secret(&"x".repeat(24)).is_ok() && client_secret(&"x".repeat(64)).is_ok());
        assert!(
            client_secret(&"x".repeat(23))
                .unwrap_err()
                .contains("has 23")
        );
        assert!(
            client_secret(&"x".repeat(65))
                .unwrap_err()
                .contains("has 65")
        );
        let refused = client_secret("correct-horse-battery-staple").unwrap_err();
        assert!(!refused.contains("horse"), "{refused}");
    }

    #[test]
    fn a_secret_that_form_encoding_changes_is_warned_of() {
        let same = "abcDEF_0123456789-ghijkl";
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        for secret in [
            same,
            "abc+DEF0123456789ghijkl0",
            "a/b",
            "a=b",
            "a~b",
            "a.b*c",
        ] {
            let changes = encode(secret) != secret;
            assert_eq!(secret_warning(secret).is_some(), changes, "{secret}");
        }
    }

    #[test]
    fn an_identifier_may_be_a_url_and_a_scope_name_may_not() {
        assert!(resource_server_identifier("https://api.example.com/v1").is_ok());
        assert!(scope_name("orders.read:all").is_ok());
        assert!(scope_name("orders/read").unwrap_err().contains("no /"));
        for bad in ["a b", "a\"b", "a\\b", "a\u{7f}", ""] {
            assert!(resource_server_identifier(bad).is_err(), "{bad:?}");
            assert!(scope_name(bad).is_err(), "{bad:?}");
        }
        assert!(
            resource_server_identifier("a b")
                .unwrap_err()
                .contains("a space")
        );
    }

    #[test]
    fn a_full_scope_has_256_characters_together() {
        assert!(full_scope(&format!("{}/{}", "i".repeat(200), "s".repeat(55))).is_ok());
        assert!(full_scope(&format!("{}/{}", "i".repeat(200), "s".repeat(56))).is_err());
        assert!(full_scope("https://api/v1/read").is_ok());
        for bad in ["openid", "/read", "api/"] {
            assert!(full_scope(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_description_is_required() {
        assert!(scope_description("Zugriff auf alles").is_ok());
        assert!(scope_description("").is_err());
        assert!(scope_description(&"é".repeat(256)).is_ok());
        assert!(scope_description(&"é".repeat(257)).is_err());
    }

    #[test]
    fn domain_prefixes() {
        for good in [
            "a",
            "team-06dbb7fc",
            "0-0",
            "laws",
            "lawson-api",
            "cognito1",
        ] {
            assert!(domain_prefix(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "Team",
            "a.b",
            "my-aws-app",
            "aws",
            "cognito-1",
        ] {
            assert!(domain_prefix(bad).is_err(), "{bad:?}");
        }
        assert!(domain_prefix(&"a".repeat(64)).is_err());
        assert!(
            domain_prefix("my-aws-app")
                .unwrap_err()
                .contains("reserved word aws")
        );
    }

    #[test]
    fn access_tokens_live_five_minutes_to_a_day() {
        assert_eq!(
            [299, 300, 86_400, 86_401].map(|s| access_token_validity(s).is_ok()),
            [false, true, true, false]
        );
    }
}
