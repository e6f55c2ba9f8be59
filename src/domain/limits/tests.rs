//! What each limit accepts and refuses.

use super::*;
use crate::domain::aws_rules::LIMITS;
use crate::domain::resource_server::Scope;

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
        Objection::new(
            "The name has 130 characters, 128 at most",
            "Shorten it by 2."
        )
    );
    assert!(client_name("").unwrap_err().what.contains("empty"));
    assert!(
        client_name("café")
            .unwrap_err()
            .what
            .starts_with("The name cannot contain é")
    );
    assert!(
        client_name("a\u{202e}b")
            .unwrap_err()
            .what
            .contains("U+202E")
    );
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
            .what
            .contains("has 23")
    );
    assert!(
        client_secret(&"x".repeat(65))
            .unwrap_err()
            .what
            .contains("has 65")
    );
    let refused = client_secret("correct-horse-battery-staple")
        .unwrap_err()
        .to_string();
    assert!(!refused.contains("horse"), "{refused}");
}

#[test]
fn a_secret_that_form_encoding_changes_is_warned_of() {
    let same = "abcDEF_0123456789-ghijkl";
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
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
    assert!(scope_name("orders/read").unwrap_err().what.contains("no /"));
    for bad in ["a b", "a\"b", "a\\b", "a\u{7f}", ""] {
        assert!(resource_server_identifier(bad).is_err(), "{bad:?}");
        assert!(scope_name(bad).is_err(), "{bad:?}");
    }
    assert!(
        resource_server_identifier("a b")
            .unwrap_err()
            .what
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
            .what
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

/// One refusal of each limit.
fn refusals() -> Vec<(&'static str, Objection)> {
    let long = "x".repeat(2_000);
    let bad_tags = [("aws:team".to_owned(), "a: b".to_owned())].into();
    let many = ResourceServer {
        identifier: "api".to_owned(),
        name: "api".to_owned(),
        scopes: vec![
            Scope {
                name: "read".to_owned(),
                description: "d".to_owned(),
            };
            SCOPES_PER_SERVER + 1
        ],
        ..ResourceServer::default()
    };
    let refused = [
        ("client_name", client_name("a: é")),
        ("pool_name", pool_name("")),
        ("tags", tags(&bad_tags)),
        ("resource_server", resource_server(&many)),
        (
            "resource_server_identifier",
            resource_server_identifier("a: b"),
        ),
        ("resource_server_name", resource_server_name(&long)),
        ("scope_name", scope_name("orders/read")),
        ("scope_description", scope_description("")),
        ("full_scope", full_scope("openid")),
        ("domain_prefix", domain_prefix("a-")),
        ("managed_login", managed_login(2, Some("LITE"))),
        ("access_token_validity", access_token_validity(1)),
        ("id_token_validity", id_token_validity(i64::MAX)),
        ("refresh_token_validity", refresh_token_validity(1)),
        ("url", url(&long)),
        ("client_secret", client_secret("short")),
        ("secret_to_send", secret_to_send("two words", true)),
    ];
    refused
        .into_iter()
        .map(|(name, refused)| (name, refused.unwrap_err()))
        .collect()
}

#[test]
fn every_refusal_has_a_reason_and_a_way_out() {
    let refusals = refusals();
    let names: Vec<&str> = refusals.iter().map(|(name, _)| *name).collect();
    let limits: Vec<&str> = LIMITS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, limits);
    for (name, objection) in refusals {
        assert!(objection.is_whole(), "{name}: {objection:?}");
    }
}
