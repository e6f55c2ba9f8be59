//! Invalid app clients, at creation and at an update alike.

use serde_json::{Value, json};

use super::api::{Api, with};

/// A confidential client of a pool with `api/read` and `api/write`, to try invalid settings.
struct Machine {
    api: Api,
    key: Value,
    pool: Value,
}

impl Machine {
    async fn new() -> Self {
        let api = Api::start().await;
        let pool = api.pool_with_api().await;
        let client = api.client(&pool).await;
        Self {
            key: json!({"UserPoolId": pool, "ClientId": client["ClientId"]}),
            pool: json!(pool),
            api,
        }
    }

    /// Returns the error of the settings, the same from both operations.
    async fn refused(&self, settings: Value) -> String {
        let create = json!({"UserPoolId": self.pool, "ClientName": "c", "GenerateSecret": true});
        let created = self
            .api
            .refused("CreateUserPoolClient", with(&create, &settings))
            .await;
        let updated = self
            .api
            .refused("UpdateUserPoolClient", with(&self.key, &settings))
            .await;
        assert_eq!(created.replace("creating", "updating"), updated);
        updated
    }

    async fn taken(&self, settings: Value) {
        self.api
            .ok("UpdateUserPoolClient", with(&self.key, &settings))
            .await;
    }
}

#[tokio::test]
async fn the_oauth_flag_needs_flows_and_scopes() {
    let machine = Machine::new().await;
    let text = "InvalidParameterException: AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client \
                is allowed to use OAuth flows.";
    let flag = json!({"AllowedOAuthFlowsUserPoolClient": true});
    for changes in [
        json!({}),
        json!({"AllowedOAuthFlows": ["client_credentials"]}),
        json!({"AllowedOAuthFlows": [], "AllowedOAuthScopes": ["api/read"]}),
    ] {
        assert_eq!(machine.refused(with(&flag, &changes)).await, text);
    }
    // The flag off beside both is the classic mistake, and the service takes it.
    machine
        .taken(json!({"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["api/read"]}))
        .await;
}

#[tokio::test]
async fn machines_and_users_do_not_share_a_client() {
    let machine = Machine::new().await;
    for other in ["code", "implicit"] {
        assert_eq!(
            machine
                .refused(json!({"AllowedOAuthFlows": ["client_credentials", other]}))
                .await,
            "InvalidOAuthFlowException: client_credentials flow can not be selected along with code flow or implicit flow."
        );
    }
    for scope in ["openid", "email", "aws.cognito.signin.user.admin"] {
        let settings = json!({"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["api/read", scope]});
        assert_eq!(
            machine.refused(settings).await,
            format!(
                "InvalidOAuthFlowException: {scope} is not supported with client_credentials flow"
            )
        );
    }
    assert_eq!(
        machine
            .refused(json!({"AllowedOAuthFlows": ["code"]}))
            .await,
        "InvalidOAuthFlowException: CallbackUrls can not be empty when code flow or implicit flow is selected"
    );
    machine
        .taken(json!({
            "AllowedOAuthFlows": ["code", "implicit"], "AllowedOAuthScopes": ["openid", "api/read"],
            "CallbackURLs": ["https://app.acme.example/cb", "http://localhost:3000/cb", "myapp://cb"],
        }))
        .await;
}

#[tokio::test]
async fn a_machine_needs_a_secret() {
    let machine = Machine::new().await;
    let public = json!({"UserPoolId": machine.pool, "ClientName": "c", "AllowedOAuthFlows": ["client_credentials"]});
    assert_eq!(
        machine.api.refused("CreateUserPoolClient", public).await,
        "InvalidOAuthFlowException: client_credentials flow can not be selected if client does not have a client secret."
    );
}

#[tokio::test]
async fn scopes_must_be_defined() {
    let machine = Machine::new().await;
    for scope in ["api/none", "other/read", "read", "api"] {
        assert_eq!(
            machine
                .refused(json!({"AllowedOAuthScopes": ["api/read", scope]}))
                .await,
            format!("ScopeDoesNotExistException: Invalid scope requested: {scope}")
        );
    }
}

#[tokio::test]
async fn tokens_live_neither_too_short_nor_too_long() {
    let machine = Machine::new().await;
    let lifetime = |token: &str, count: i64, unit: Option<&str>| json!({format!("{token}Validity"): count, "TokenValidityUnits": unit.map(|unit| json!({token: unit}))});
    for token in ["AccessToken", "IdToken"] {
        for (count, unit) in [
            (299, Some("seconds")),
            (4, Some("minutes")),
            (25, None),
            (2, Some("days")),
            (86_400, Some("days")),
        ] {
            assert_eq!(
                machine.refused(lifetime(token, count, unit)).await,
                "InvalidParameterException: Invalid range for token validity.",
                "{token} {count} {unit:?}"
            );
        }
        for (count, unit) in [
            (300, Some("seconds")),
            (5, Some("minutes")),
            (24, None),
            (1, Some("days")),
        ] {
            machine.taken(lifetime(token, count, unit)).await;
        }
    }
    for (count, unit) in [(59, Some("minutes")), (3651, None)] {
        let refusal = machine.refused(lifetime("RefreshToken", count, unit)).await;
        assert_eq!(
            refusal,
            "InvalidParameterException: Invalid range for token validity."
        );
    }
    machine.taken(lifetime("RefreshToken", 3650, None)).await;
}

#[tokio::test]
async fn a_refresh_token_lives_as_long_as_what_it_refreshes() {
    let machine = Machine::new().await;
    let text = "InvalidParameterException: Access and Id Token expiration times must be less than or equal to refresh \
                token expiration times.";
    let refresh =
        json!({"RefreshTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}});
    for token in ["AccessTokenValidity", "IdTokenValidity"] {
        let longer = with(&refresh, &json!({token: 3}));
        assert_eq!(machine.refused(longer).await, text, "{token}");
        machine.taken(with(&refresh, &json!({token: 2}))).await;
    }
    machine.taken(refresh).await;
}

#[tokio::test]
async fn a_refresh_token_rotates_or_is_kept() {
    let machine = Machine::new().await;
    let rotating = |flows: &[&str]| json!({"RefreshTokenRotation": {"Feature": "ENABLED"}, "ExplicitAuthFlows": flows});
    let refusal = machine
        .refused(rotating(&["ALLOW_REFRESH_TOKEN_AUTH"]))
        .await;
    let text = "InvalidParameterException: ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token \
                rotation is enabled";
    assert_eq!(refusal, text);
    let input = with(&machine.key, &rotating(&["ALLOW_USER_SRP_AUTH"]));
    let answer = machine.api.ok("UpdateUserPoolClient", input).await;
    assert_eq!(
        answer["UserPoolClient"]["RefreshTokenRotation"],
        json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": 0})
    );
}

#[tokio::test]
async fn a_client_without_a_secret_passes_no_context_on() {
    let machine = Machine::new().await;
    let on = json!({"EnablePropagateAdditionalUserContextData": true});
    machine.taken(on.clone()).await;
    let public = with(&on, &json!({"UserPoolId": machine.pool, "ClientName": "c"}));
    assert_eq!(
        machine.api.refused("CreateUserPoolClient", public).await,
        "InvalidParameterException: Client Secret is required to set EnablePropagateAdditionalUserContextData as true"
    );
}

#[tokio::test]
async fn an_analytics_application_is_named_in_one_way() {
    let machine = Machine::new().await;
    let arn = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc";
    let role = "arn:aws:iam::123456789012:role/pinpoint";
    let of = |given: Value| json!({"AnalyticsConfiguration": given});
    for broken in [
        json!({"ApplicationArn": arn, "ApplicationId": "abc"}),
        json!({"ApplicationId": "abc"}),
        json!({"RoleArn": role}),
    ] {
        assert_eq!(
            machine.refused(of(broken)).await,
            "InvalidParameterException: Invalid analytics configuration given, either <application arn> or \
             <application id, role arn, external id> are valid"
        );
    }
    machine.taken(of(json!({"ApplicationArn": arn}))).await;
    machine
        .taken(of(
            json!({"ApplicationId": "abc", "RoleArn": role, "ExternalId": "x"}),
        ))
        .await;
}

#[tokio::test]
async fn the_flows_of_token_exchange_are_kept() {
    let machine = Machine::new().await;
    let flows = json!([
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
        "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"
    ]);
    let input = with(&machine.key, &json!({"ExplicitAuthFlows": flows}));
    let answer = machine.api.ok("UpdateUserPoolClient", input).await;
    assert_eq!(answer["UserPoolClient"]["ExplicitAuthFlows"], flows);
}

#[tokio::test]
async fn urls_attributes_and_providers_are_looked_at() {
    let machine = Machine::new().await;
    for url in ["http://acme.example/cb", "http://localhost.acme.example"] {
        for list in ["CallbackURLs", "LogoutURLs"] {
            assert_eq!(
                machine
                    .refused(json!({list: ["https://ok.example", url]}))
                    .await,
                format!("InvalidParameterException: {url} cannot use the HTTP protocol.")
            );
        }
    }
    let stray =
        json!({"CallbackURLs": ["https://a.example"], "DefaultRedirectURI": "https://b.example"});
    assert_eq!(
        machine.refused(stray).await,
        "InvalidParameterException: The default redirect URI https://b.example is not in the callback URIs list."
    );
    assert_eq!(
        machine
            .refused(json!({"CallbackURLs": ["https://a.example/#top"]}))
            .await,
        "InvalidParameterException: https://a.example/#top cannot use fragment"
    );
    machine
        .taken(json!({"LogoutURLs": ["https://a.example/#top"]}))
        .await;
    assert_eq!(
        machine
            .refused(json!({"ReadAttributes": ["email", "shoe_size"]}))
            .await,
        "InvalidParameterException: Invalid read attributes specified while updating a client"
    );
    assert_eq!(
        machine
            .refused(json!({"SupportedIdentityProviders": ["COGNITO", "Google"]}))
            .await,
        format!(
            "InvalidParameterException: The provider Google does not exist for User Pool {}.",
            machine.pool.as_str().unwrap()
        )
    );
    // A provider that a client of the pool uses is one that the pool has.
    machine.api.sandbox.edit(|state| {
        let pool = state.pools.values_mut().next().unwrap();
        pool.clients[0]
            .settings
            .insert("SupportedIdentityProviders".to_owned(), json!(["Google"]));
    });
    machine
        .taken(json!({"SupportedIdentityProviders": ["COGNITO", "Google"]}))
        .await;
}

#[tokio::test]
async fn sign_in_flows_go_by_their_older_names_or_by_their_newer_ones() {
    let machine = Machine::new().await;
    let text = "InvalidParameterException: Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.";
    let flows = |flows: &[&str]| json!({"ExplicitAuthFlows": flows});
    let mixed = flows(&["ADMIN_NO_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
    assert_eq!(machine.refused(mixed).await, text);
    machine
        .taken(flows(&["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"]))
        .await;
    machine
        .taken(flows(&["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]))
        .await;
}
