use serde_json::json;

use super::*;
use crate::sandbox::state::{ClientType, REGISTER_SCOPE, ResourceServer, Scope, Secret};

fn pool() -> Pool {
    let scope = |name: &str| Scope {
        scope_name: name.to_owned(),
        scope_description: "a scope".to_owned(),
    };
    let server = |identifier: &str, scopes: &[&str]| ResourceServer {
        identifier: identifier.to_owned(),
        name: identifier.to_owned(),
        scopes: scopes.iter().copied().map(scope).collect(),
        managed_by: None,
    };
    Pool {
        id: "eu-west-1_Abc".to_owned(),
        name: "pool".to_owned(),
        servers: vec![
            server("orders", &["read", "write"]),
            server("https://api.example/v1", &["read"]),
        ],
        ..Pool::default()
    }
}

fn client(settings: &Value) -> Client {
    Client {
        id: "c1".to_owned(),
        name: "client".to_owned(),
        created: 0.0,
        modified: 0.0,
        secrets: ["first", "second"]
            .map(|value| Secret {
                id: "c1--0".to_owned(),
                value: value.to_owned(),
                created: 0.0,
                custom: false,
            })
            .into(),
        settings: settings.as_object().unwrap().clone(),
        client_type: ClientType::Regular,
        managed: None,
        shown: crate::sandbox::state::Shown::default(),
    }
}

fn machine(scopes: &[&str]) -> Client {
    client(&json!({
        "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": scopes,
    }))
}

/// Requested x allowed x defined. The pool defines orders/read, orders/write and https://api.example/v1/read.
#[test]
fn scopes_follow_the_truth_table() {
    use OAuthError as E;
    const URL: &str = "https://api.example/v1/read";
    type Row<'a> = (
        Option<&'a [&'a str]>,
        &'a [&'a str],
        Result<&'a [&'a str], OAuthError>,
    );
    let table: &[Row] = &[
        (None, &["orders/read"], Ok(&["orders/read"])),
        (None, &["orders/read", "orders/gone"], Ok(&["orders/read"])),
        (None, &["orders/gone"], Ok(&[])),
        (
            Some(&["orders/read"]),
            &["orders/read"],
            Ok(&["orders/read"]),
        ),
        (
            Some(&["orders/write", "orders/read", "orders/write"]),
            &["orders/read", "orders/write"],
            Ok(&["orders/write", "orders/read"]),
        ),
        (Some(&[URL]), &[URL], Ok(&[URL])),
        (
            Some(&["orders/write"]),
            &["orders/read"],
            Err(E::INVALID_GRANT),
        ),
        (
            Some(&["orders/read", "orders/write"]),
            &["orders/read"],
            Err(E::INVALID_GRANT),
        ),
        (
            Some(&["orders/read", "orders/gone"]),
            &["orders/read", "orders/gone"],
            Ok(&["orders/read"]),
        ),
        (
            Some(&["orders/read", "orders/never"]),
            &["orders/read"],
            Ok(&["orders/read"]),
        ),
        (
            Some(&["orders/gone"]),
            &["orders/gone"],
            Err(E::INVALID_SCOPE),
        ),
        (
            Some(&["orders/never"]),
            &["orders/read"],
            Err(E::INVALID_SCOPE),
        ),
        (Some(&["openid"]), &["orders/read"], Err(E::INVALID_SCOPE)),
        (
            Some(&["orders/read", "read"]),
            &["orders/read"],
            Err(E::INVALID_SCOPE),
        ),
        (
            Some(&["orders/write", "read"]),
            &["orders/read"],
            Err(E::INVALID_SCOPE),
        ),
        (Some(&[]), &["orders/read"], Err(E::INVALID_SCOPE)),
    ];
    for (requested, allowed, expected) in table {
        let granted = scopes(
            &pool(),
            &machine(allowed),
            *requested,
            &Assumptions::default(),
        );
        let expected = expected.map(|scopes| scopes.iter().map(|s| (*s).to_owned()).collect());
        assert_eq!(granted, expected, "{requested:?} of {allowed:?}");
    }
}

#[test]
fn the_system_scope_needs_no_server_and_is_for_regular_clients() {
    let mut registrar = machine(&["orders/read", REGISTER_SCOPE]);
    let all = |client: &Client| scopes(&pool(), client, None, &Assumptions::default()).unwrap();
    assert_eq!(all(&registrar), ["orders/read", REGISTER_SCOPE]);
    let alone = scopes(
        &pool(),
        &registrar,
        Some(&[REGISTER_SCOPE]),
        &Assumptions::default(),
    );
    assert_eq!(alone.unwrap(), [REGISTER_SCOPE]);
    let other = machine(&["orders/read"]);
    let refused = scopes(
        &pool(),
        &other,
        Some(&[REGISTER_SCOPE]),
        &Assumptions::default(),
    );
    assert_eq!(refused, Err(OAuthError::INVALID_GRANT));
    registrar.client_type = ClientType::Dcr;
    assert_eq!(all(&registrar), ["orders/read"]);
}

#[test]
fn an_exchange_of_tokens_is_refused_for_its_reason() {
    use OAuthError as E;
    let mut client = machine(&[]);
    assert_eq!(
        token_exchange(&client, Some("bad")),
        E::INVALID_CLIENT_SECRET
    );
    assert_eq!(
        token_exchange(&client, Some("first")),
        E::UNAUTHORIZED_CLIENT
    );
    for flow in [
        "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
    ] {
        let flows = json!([flow]);
        client
            .settings
            .insert("ExplicitAuthFlows".to_owned(), flows);
        assert_eq!(token_exchange(&client, Some("first")), E::NO_TOKEN_EXCHANGE);
    }
    client.secrets.clear();
    assert_eq!(token_exchange(&client, None), E::NO_TOKEN_EXCHANGE);
}

#[test]
fn rules_apply_in_their_order() {
    use OAuthError as E;
    let pool = pool();
    let ask = |client: &Client, secret, scope| {
        client_credentials(
            &pool,
            client,
            secret,
            Some(&[scope]),
            &Assumptions::default(),
        )
    };
    let good = machine(&["orders/read"]);
    assert!(ask(&good, Some("first"), "orders/read").is_ok());
    assert!(ask(&good, Some("second"), "orders/read").is_ok());
    for secret in [None, Some("third"), Some("firs"), Some("")] {
        assert_eq!(
            ask(&good, secret, "openid"),
            Err(E::INVALID_CLIENT_SECRET),
            "{secret:?}"
        );
    }
    for field in ["AllowedOAuthFlowsUserPoolClient", "AllowedOAuthFlows"] {
        let mut broken = good.clone();
        broken.settings.remove(field);
        assert_eq!(
            ask(&broken, Some("bad"), "openid"),
            Err(E::INVALID_CLIENT_SECRET)
        );
        assert_eq!(
            ask(&broken, Some("first"), "openid"),
            Err(E::INVALID_GRANT),
            "{field}"
        );
    }
    let mut public = good;
    public.secrets.clear();
    for secret in [None, Some("first")] {
        assert_eq!(ask(&public, secret, "orders/read"), Err(E::INVALID_CLIENT));
    }
}

#[test]
fn lifetime_is_counted_in_the_clients_unit() {
    for (settings, seconds) in [
        (json!({}), 3600),
        (json!({ "AccessTokenValidity": 2 }), 7200),
        (
            json!({ "AccessTokenValidity": 5, "TokenValidityUnits": { "AccessToken": "minutes" } }),
            300,
        ),
        (
            json!({ "AccessTokenValidity": 1, "TokenValidityUnits": { "AccessToken": "days" } }),
            86_400,
        ),
        (
            json!({ "AccessTokenValidity": 900, "TokenValidityUnits": { "AccessToken": "seconds" } }),
            900,
        ),
    ] {
        assert_eq!(lifetime(&client(&settings)), seconds, "{settings}");
    }
}

#[test]
fn the_issuer_follows_the_pools_setting() {
    let mut pool = pool();
    assert_eq!(
        issuer(&pool, "eu-west-1"),
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"
    );
    pool.settings.insert(
        "IssuerConfiguration".to_owned(),
        json!({ "Type": "UPDATED" }),
    );
    assert_eq!(
        issuer(&pool, "eu-west-1"),
        "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"
    );
}
