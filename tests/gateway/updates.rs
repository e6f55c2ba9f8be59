//! `UpdateUserPoolClient` resets what it is not sent, and `UpdateResourceServer` drops it.

use aws_sdk_cognitoidentityprovider::operation::update_user_pool_client::builders::UpdateUserPoolClientInputBuilder;
use cognitui::cognito::{ErrorKind, Gateway};
use cognitui::domain::client::{AppClient, ClientSettings, OAuthFlow, TimeUnit, Validity};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::resource_server::Scope;
use cognitui::domain::scope::ScopeName;
use serde_json::{Value, json};

use crate::stub::Stub;

/// A client with every setting that the API has, none at its default.
fn described(modified: f64) -> Value {
    json!({
        "UserPoolId": "eu-west-1_A",
        "ClientId": "4k2",
        "ClientName": "machine_auth",
        "ClientSecret": "0123456789abcdefghijklmnopqrstuv",
        "LastModifiedDate": modified,
        "CreationDate": 1_700_000_000.25,
        "RefreshTokenValidity": 7,
        "AccessTokenValidity": 20,
        "IdTokenValidity": 25,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
        "ReadAttributes": ["email"],
        "WriteAttributes": ["name", "email"],
        "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
        "SupportedIdentityProviders": ["COGNITO", "SomeIdp"],
        "CallbackURLs": ["https://localhost", "https://example.com/back"],
        "LogoutURLs": ["https://example.com/out"],
        "DefaultRedirectURI": "https://localhost",
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["api/admin", "api/gone"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AnalyticsConfiguration": {"ApplicationArn": "arn:aws:mobiletargeting:eu-west-1:1:apps/x", "UserDataShared": true},
        "PreventUserExistenceErrors": "LEGACY",
        "EnableTokenRevocation": false,
        "EnablePropagateAdditionalUserContextData": true,
        "AuthSessionValidity": 15,
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30},
    })
}

/// What an update that changes nothing must carry: all of it, but what only Cognito sets.
fn unchanged() -> Value {
    let mut settings = described(0.0);
    for ours_not in ["ClientSecret", "LastModifiedDate", "CreationDate"] {
        settings.as_object_mut().unwrap().remove(ours_not);
    }
    settings
}

async fn stub() -> Stub {
    let reply = json!({"UserPoolClient": described(1_750_000_000.123)}).to_string();
    Stub::start(move |_, _| (200, reply.clone())).await
}

async fn seen(gateway: &Gateway) -> AppClient {
    gateway
        .client(&PoolId::new("eu-west-1_A"), &ClientId::new("4k2"))
        .await
        .unwrap()
}

/// The body of the update that `change` leads to.
async fn update(change: impl FnOnce(&mut ClientSettings) + Send) -> Value {
    let stub = stub().await;
    let gateway = stub.gateway().await;
    let seen = seen(&gateway).await;
    gateway.update_client(&seen, change).await.unwrap();
    let update = stub.calls().pop().unwrap();
    assert_eq!(update.operation, "UpdateUserPoolClient");
    update.json()
}

#[tokio::test]
async fn an_update_that_changes_nothing_sends_back_every_setting() {
    assert_eq!(update(|_| {}).await, unchanged());
}

/// The list of settings above is the API's: the SDK's own type knows no other.
#[test]
fn no_setting_of_the_api_is_missing_from_this_test() {
    let all = format!("{:?}", UpdateUserPoolClientInputBuilder::default());
    let fields = all.matches(": ").count();
    assert_eq!(fields, unchanged().as_object().unwrap().len(), "{all}");
}

#[tokio::test]
async fn each_change_touches_its_own_field_alone() {
    type Change = fn(&mut ClientSettings);
    let minutes = json!({"AccessToken": "hours", "IdToken": "minutes", "RefreshToken": "hours"});
    let cases: Vec<(&str, Value, Change)> = vec![
        ("ClientName", json!("new"), |s| s.name = "new".to_owned()),
        ("AllowedOAuthFlowsUserPoolClient", json!(false), |s| {
            s.oauth_enabled = false;
        }),
        ("AllowedOAuthFlows", json!(["code"]), |s| {
            s.flows = vec![OAuthFlow::Code];
        }),
        ("AllowedOAuthScopes", json!(["api/admin"]), |s| {
            s.scopes
                .retain(|scope| *scope == ScopeName::new("api/admin"));
        }),
        (
            "ExplicitAuthFlows",
            json!(["ALLOW_REFRESH_TOKEN_AUTH"]),
            |s| {
                s.explicit_auth_flows = vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()];
            },
        ),
        ("SupportedIdentityProviders", json!(["COGNITO"]), |s| {
            s.identity_providers.truncate(1);
        }),
        ("CallbackURLs", json!(["https://localhost"]), |s| {
            s.callback_urls.truncate(1);
        }),
        ("LogoutURLs", json!(["https://x"]), |s| {
            s.logout_urls = vec!["https://x".to_owned()];
        }),
        ("DefaultRedirectURI", json!("https://x"), |s| {
            s.default_redirect_uri = Some("https://x".to_owned());
        }),
        ("AuthSessionValidity", json!(3), |s| {
            s.auth_session_minutes = Some(3);
        }),
        ("EnableTokenRevocation", json!(true), |s| {
            s.token_revocation = Some(true);
        }),
        ("PreventUserExistenceErrors", json!("ENABLED"), |s| {
            s.prevent_user_existence_errors = Some("ENABLED".to_owned());
        }),
        ("ReadAttributes", json!(["name"]), |s| {
            s.read_attributes = vec!["name".to_owned()];
        }),
        ("WriteAttributes", json!(["name"]), |s| {
            s.write_attributes.truncate(1);
        }),
        ("AccessTokenValidity", json!(5), |s| {
            s.access_token.value = 5;
        }),
        ("IdTokenValidity", json!(6), |s| s.id_token.value = 6),
        ("RefreshTokenValidity", json!(8), |s| {
            s.refresh_token.value = 8;
        }),
        ("TokenValidityUnits", minutes, |s| {
            s.access_token = Validity {
                value: 20,
                unit: TimeUnit::Hours,
            }
        }),
    ];
    for (field, value, change) in cases {
        let mut expected = unchanged();
        expected[field] = value;
        assert_eq!(update(change).await, expected, "{field}");
    }
}

#[tokio::test]
async fn an_emptied_list_is_left_out_because_an_empty_one_is_refused() {
    let sent = update(|settings| settings.callback_urls.clear()).await;
    assert_eq!(sent.get("CallbackURLs"), None);
}

#[tokio::test]
async fn a_client_that_somebody_changed_meanwhile_is_left_alone() {
    let stub = Stub::start(|_, before| {
        let modified = if before == 0 {
            1_750_000_000.123
        } else {
            1_750_000_000.124
        };
        (
            200,
            json!({"UserPoolClient": described(modified)}).to_string(),
        )
    })
    .await;
    let gateway = stub.gateway().await;
    let seen = seen(&gateway).await;
    let refused = gateway
        .update_client(&seen, |settings| settings.oauth_enabled = false)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Changed);
    assert_eq!(refused.resource.as_deref(), Some("eu-west-1_A/4k2"));
    assert!(
        stub.calls()
            .iter()
            .all(|call| call.operation == "DescribeUserPoolClient")
    );
}

fn server(scopes: &[(&str, &str)]) -> Value {
    let scopes: Vec<Value> = scopes
        .iter()
        .map(|(name, description)| json!({"ScopeName": name, "ScopeDescription": description}))
        .collect();
    json!({"ResourceServer": {"UserPoolId": "eu-west-1_A", "Identifier": "api", "Name": "Admin API", "Scopes": scopes}})
}

fn scope(name: &str) -> Scope {
    Scope {
        name: name.to_owned(),
        description: format!("new {name}"),
    }
}

#[tokio::test]
async fn adding_a_scope_keeps_those_that_are_there() {
    let stub =
        Stub::start(|_, _| (200, server(&[("a", "first"), ("b", "second")]).to_string())).await;
    let gateway = stub.gateway().await;
    gateway
        .add_scopes(
            &PoolId::new("eu-west-1_A"),
            "api",
            &[scope("b"), scope("c")],
        )
        .await
        .unwrap();
    let expected = server(&[("a", "first"), ("b", "second"), ("c", "new c")]);
    assert_eq!(stub.calls()[1].json(), expected["ResourceServer"]);
}

#[tokio::test]
async fn adding_what_is_there_sends_nothing() {
    let stub = Stub::start(|_, _| (200, server(&[("a", "first")]).to_string())).await;
    stub.gateway()
        .await
        .add_scopes(&PoolId::new("eu-west-1_A"), "api", &[scope("a")])
        .await
        .unwrap();
    assert_eq!(stub.calls().len(), 1);
}
