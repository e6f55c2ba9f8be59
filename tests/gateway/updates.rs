//! `UpdateUserPoolClient` resets omitted settings.

use aws_sdk_cognitoidentityprovider::operation::update_user_pool_client::builders::UpdateUserPoolClientInputBuilder;
use cognitui::cognito::{ErrorKind, Gateway};
use cognitui::domain::client::{
    Analytics, AppClient, ClientSettings, OAuthFlow, TimeUnit, Validity,
};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::scope::ScopeName;
use serde_json::{Value, json};

use crate::stub::Stub;

/// Returns a client with every setting of the API, none at its default.
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

/// Returns what an update without changes must contain: everything except what only Cognito sets.
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

/// Returns the body of the update for `change`.
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

/// The list of settings above is the API's: the SDK's own type has no other.
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
        (
            "RefreshTokenRotation",
            json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 30}),
            |s| s.refresh_token_rotation.as_mut().unwrap().enabled = false,
        ),
        (
            "AnalyticsConfiguration",
            json!({"ApplicationId": "app", "RoleArn": "arn:role", "ExternalId": "x", "UserDataShared": false}),
            |s| {
                s.analytics = Some(Box::new(Analytics {
                    application_id: Some("app".to_owned()),
                    application_arn: None,
                    role_arn: Some("arn:role".to_owned()),
                    external_id: Some("x".to_owned()),
                    user_data_shared: false,
                }));
            },
        ),
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
async fn what_is_taken_away_is_left_out() {
    let sent = update(|settings| {
        settings.analytics = None;
        settings.refresh_token_rotation = None;
    })
    .await;
    let mut expected = unchanged();
    for gone in ["AnalyticsConfiguration", "RefreshTokenRotation"] {
        expected.as_object_mut().unwrap().remove(gone).unwrap();
    }
    assert_eq!(sent, expected);
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
