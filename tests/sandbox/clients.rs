//! App clients: created, read, replaced, deleted.

use serde_json::{Value, json};

use super::api::{Api, text, with};

/// Returns a value other than the default for every setting that both creation and update accept, of an M2M client.
fn settings() -> Value {
    json!({
        "RefreshTokenValidity": 5,
        "AccessTokenValidity": 30,
        "IdTokenValidity": 30,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        "ReadAttributes": ["email"],
        "WriteAttributes": ["email"],
        "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://localhost"],
        "LogoutURLs": ["https://localhost/out"],
        "DefaultRedirectURI": "https://localhost",
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["api/read", "api/write"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AnalyticsConfiguration": {
            "ApplicationId": "abc123", "RoleArn": "arn:aws:iam::123456789012:role/pinpoint", "UserDataShared": true,
        },
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": false,
        "EnablePropagateAdditionalUserContextData": true,
        "AuthSessionValidity": 15,
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
    })
}

/// Returns what must be sent when a setting is omitted, so that the client stays valid.
fn dependents(name: &str) -> Value {
    match name {
        "TokenValidityUnits" => json!({"AccessTokenValidity": null, "IdTokenValidity": null}),
        "CallbackURLs" => json!({"DefaultRedirectURI": null}),
        "AllowedOAuthFlows" | "AllowedOAuthScopes" => {
            json!({"AllowedOAuthFlowsUserPoolClient": null})
        }
        _ => json!({}),
    }
}

#[tokio::test]
async fn a_client_lives_and_dies() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let made = api.client(&pool).await;
    let id = text(&made["ClientId"]);
    assert_eq!(id.len(), 26);
    assert_eq!(
        with(
            &made,
            &json!({"CreationDate": null, "LastModifiedDate": null, "ClientSecret": null})
        ),
        json!({
            "UserPoolId": pool, "ClientId": id, "ClientName": "machine", "RefreshTokenValidity": 30,
            "TokenValidityUnits": {}, "AllowedOAuthFlowsUserPoolClient": false, "EnableTokenRevocation": true,
            "EnablePropagateAdditionalUserContextData": false, "AuthSessionValidity": 3, "ClientType": "REGULAR",
        })
    );
    assert!([51, 52].contains(&made["ClientSecret"].as_str().unwrap().len()));
    let key = json!({"UserPoolId": pool, "ClientId": id});
    assert_eq!(
        api.ok("DescribeUserPoolClient", key.clone()).await["UserPoolClient"],
        made
    );
    assert_eq!(
        api.ok("ListUserPoolClients", json!({"UserPoolId": pool}))
            .await,
        json!({"UserPoolClients": [{"ClientId": id, "ClientName": "machine", "UserPoolId": pool}]})
    );
    assert_eq!(
        api.ok("DeleteUserPoolClient", key.clone()).await,
        Value::Null
    );
    let gone = format!("ResourceNotFoundException: User pool client {id} does not exist.");
    for operation in [
        "DescribeUserPoolClient",
        "UpdateUserPoolClient",
        "DeleteUserPoolClient",
        "AddUserPoolClientSecret",
        "ListUserPoolClientSecrets",
    ] {
        assert_eq!(
            api.refused(operation, key.clone()).await,
            gone,
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_public_client_has_no_secret_to_tell() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let made = api
        .ok(
            "CreateUserPoolClient",
            json!({"UserPoolId": pool, "ClientName": "web"}),
        )
        .await;
    assert!(made["UserPoolClient"].get("ClientSecret").is_none());
}

#[tokio::test]
async fn a_secret_is_generated_or_given_and_not_both() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let own = "abcdefghijklmnopqrstuvwx";
    let given = json!({"UserPoolId": pool, "ClientName": "c", "ClientSecret": own});
    let made = api.ok("CreateUserPoolClient", given.clone()).await;
    assert_eq!(made["UserPoolClient"]["ClientSecret"], own);
    let both = with(&given, &json!({"GenerateSecret": true}));
    assert!(
        api.refused("CreateUserPoolClient", both)
            .await
            .starts_with("InvalidParameterException: ")
    );
}

#[tokio::test]
async fn names_are_not_unique() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let (first, second) = (api.client(&pool).await, api.client(&pool).await);
    assert_eq!(first["ClientName"], second["ClientName"]);
    assert_ne!(first["ClientId"], second["ClientId"]);
}

#[tokio::test]
async fn an_update_resets_each_setting_it_omits_and_keeps_each_it_names() {
    let api = Api::start().await;
    let pool = api.pool_with_api().await;
    let fresh = api.client(&pool).await;
    let all = settings();
    let create = with(
        &all,
        &json!({"UserPoolId": pool, "ClientName": "c", "GenerateSecret": true}),
    );
    let mut made = api.ok("CreateUserPoolClient", create).await;
    let made = made["UserPoolClient"].take();
    let key = json!({"UserPoolId": pool, "ClientId": made["ClientId"]});
    for (name, value) in all.as_object().unwrap() {
        assert_eq!(&made[name], value, "{name} is not taken at creation");
        let update = with(&all, &key);
        let kept = api.ok("UpdateUserPoolClient", update.clone()).await;
        assert_eq!(&kept["UserPoolClient"][name], value, "{name} is not kept");
        let without = with(&with(&update, &dependents(name)), &json!({name: null}));
        let reset = api.ok("UpdateUserPoolClient", without).await;
        // Rotation is described once it was set, on or off.
        let default = match name.as_str() {
            "RefreshTokenRotation" => json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}),
            _ => fresh[name].clone(),
        };
        assert_eq!(
            reset["UserPoolClient"][name], default,
            "{name} is not reset"
        );
        for name in ["ClientName", "ClientSecret", "CreationDate"] {
            assert_eq!(
                reset["UserPoolClient"][name], made[name],
                "{name} does not survive"
            );
        }
    }
    let renamed = api
        .ok(
            "UpdateUserPoolClient",
            with(&key, &json!({"ClientName": "d"})),
        )
        .await;
    assert_eq!(renamed["UserPoolClient"]["ClientName"], "d");
}

#[tokio::test]
async fn every_update_has_a_later_date() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let client = api.client(&pool).await;
    let key = json!({"UserPoolId": pool, "ClientId": client["ClientId"]});
    let mut before = client["LastModifiedDate"].as_f64().unwrap();
    for _ in 0..20 {
        let updated = api.ok("UpdateUserPoolClient", key.clone()).await;
        let after = updated["UserPoolClient"]["LastModifiedDate"]
            .as_f64()
            .unwrap();
        assert!(after > before, "{after} is not after {before}");
        before = after;
    }
}

#[tokio::test]
async fn no_refresh_validity_is_thirty_days_and_an_empty_list_is_none() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let zero = json!({
        "UserPoolId": pool, "ClientName": "c", "RefreshTokenValidity": 0, "CallbackURLs": [],
        "TokenValidityUnits": {"RefreshToken": "minutes", "AccessToken": "hours"},
    });
    let made = api.ok("CreateUserPoolClient", zero).await;
    let made = &made["UserPoolClient"];
    assert_eq!(made["RefreshTokenValidity"], 30);
    assert_eq!(made["TokenValidityUnits"], json!({"AccessToken": "hours"}));
    assert!(made.get("CallbackURLs").is_none());
}
