//! Dynamic client registration, seen from the API: what a pool is told of it, and what the API makes of clients that registered
//! themselves. How they do is in `tests/sandbox/oauth`.

use cognitui::sandbox::state::ClientType;
use serde_json::{Value, json};

use super::api::{Api, text, with};

async fn registration(api: &Api, pool: &str) -> Value {
    let answer = api
        .ok("DescribeUserPool", json!({"UserPoolId": pool}))
        .await;
    answer["UserPool"]["DcrConfiguration"].clone()
}

/// Makes clients look as if they had registered themselves.
fn registered(api: &Api, pool: &str, which: impl Fn(usize) -> bool) {
    api.sandbox.edit(|state| {
        let clients = &mut state.pools.get_mut(pool).unwrap().clients;
        clients.sort_by(|a, b| a.id.cmp(&b.id));
        for (index, client) in clients.iter_mut().enumerate() {
            if which(index) {
                client.client_type = ClientType::Dcr;
            }
        }
    });
}

#[tokio::test]
async fn a_pool_has_no_registration_until_it_is_asked_for_and_then_it_is_on() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    assert_eq!(registration(&api, &pool).await, Value::Null);
    let update = |given: Value| json!({"UserPoolId": pool, "DcrConfiguration": given});
    for (given, kept) in [
        (
            json!({}),
            json!({"EnableStatus": "Enabled", "OpenDcrEnabled": false}),
        ),
        (
            json!({"EnableStatus": "Disabled", "OpenDcrEnabled": true, "AllowedScopes": ["api/read"]}),
            json!({"EnableStatus": "Disabled", "OpenDcrEnabled": true, "AllowedScopes": ["api/read"]}),
        ),
        // Replaced as a whole: the scopes are gone, and it is on again.
        (
            json!({"OpenDcrGrantTypes": []}),
            json!({"EnableStatus": "Enabled", "OpenDcrEnabled": false, "OpenDcrGrantTypes": []}),
        ),
    ] {
        api.ok("UpdateUserPool", update(given)).await;
        assert_eq!(registration(&api, &pool).await, kept);
        api.ok("UpdateUserPool", json!({"UserPoolId": pool})).await;
        assert_eq!(registration(&api, &pool).await, kept, "omitted and kept");
    }
    let made = json!({"PoolName": "q", "DcrConfiguration": {"OpenDcrEnabled": true}});
    let made = api.ok("CreateUserPool", made).await;
    assert_eq!(
        made["UserPool"]["DcrConfiguration"],
        json!({"EnableStatus": "Enabled", "OpenDcrEnabled": true})
    );
}

#[tokio::test]
async fn a_pool_goes_down_to_lite_without_registration_only() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let update = |more: Value| with(&json!({"UserPoolId": pool}), &more);
    let on = json!({"DcrConfiguration": {}});
    api.ok("UpdateUserPool", update(on)).await;
    let down = update(json!({"UserPoolTier": "LITE"}));
    let refusal = api.refused("UpdateUserPool", down.clone()).await;
    assert!(
        refusal.starts_with("TierChangeNotAllowedException: "),
        "{refusal}"
    );
    let off = json!({"DcrConfiguration": {"EnableStatus": "Disabled"}});
    api.ok("UpdateUserPool", with(&down, &off)).await;
}

#[tokio::test]
async fn a_filtered_list_has_short_and_empty_pages_before_its_end() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    for _ in 0..7 {
        api.client(&pool).await;
    }
    registered(&api, &pool, |index| [2, 6].contains(&index));
    let list = async |kind: Option<&str>| {
        let (mut ids, mut sizes, mut token) = (Vec::new(), Vec::new(), Value::Null);
        loop {
            let input = json!({"UserPoolId": pool, "MaxResults": 2});
            let more = json!({"ClientType": kind, "NextToken": token});
            let page = api.ok("ListUserPoolClients", with(&input, &more)).await;
            let clients = page["UserPoolClients"].as_array().unwrap();
            sizes.push(clients.len());
            ids.extend(clients.iter().map(|client| text(&client["ClientId"])));
            assert!(
                clients
                    .iter()
                    .all(|client| client.get("ClientType").is_none())
            );
            token = page["NextToken"].clone();
            if token.is_null() {
                return (ids, sizes);
            }
        }
    };
    let (dcr, sizes) = list(Some("DCR")).await;
    assert_eq!(sizes, [0, 1, 0, 1]);
    let (regular, sizes) = list(Some("REGULAR")).await;
    assert_eq!(sizes, [2, 1, 2, 0]);
    let (all, sizes) = list(None).await;
    assert_eq!(sizes, [2, 2, 2, 1]);
    let mut both: Vec<String> = dcr.iter().chain(&regular).cloned().collect();
    both.sort();
    assert_eq!(both, all);
    for id in all {
        let key = json!({"UserPoolId": pool, "ClientId": id});
        let client = api.ok("DescribeUserPoolClient", key).await;
        let kind = if dcr.contains(&id) { "DCR" } else { "REGULAR" };
        assert_eq!(client["UserPoolClient"]["ClientType"], kind);
    }
}

#[tokio::test]
async fn a_token_of_one_filter_is_not_one_of_another() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    for _ in 0..2 {
        api.client(&pool).await;
    }
    let filtered = json!({"UserPoolId": pool, "MaxResults": 1, "ClientType": "DCR"});
    let page = api.ok("ListUserPoolClients", filtered.clone()).await;
    assert_eq!(page["UserPoolClients"], json!([]));
    let other = json!({"NextToken": page["NextToken"], "ClientType": "REGULAR"});
    assert_eq!(
        api.refused("ListUserPoolClients", with(&filtered, &other))
            .await,
        "InvalidParameterException: Invalid pagination token."
    );
}

#[tokio::test]
async fn a_registered_client_has_no_secret_operations_and_stays_what_it_is() {
    let api = Api::start().await;
    let pool = api.pool_with_api().await;
    let client = api.client(&pool).await;
    registered(&api, &pool, |_| true);
    let key = json!({"UserPoolId": pool, "ClientId": client["ClientId"]});
    let secret = json!({"ClientSecretId": format!("{}--1", text(&client["ClientId"]))});
    for (operation, input) in [
        ("AddUserPoolClientSecret", key.clone()),
        ("ListUserPoolClientSecrets", key.clone()),
        ("DeleteUserPoolClientSecret", with(&key, &secret)),
        (
            "UpdateUserPoolClient",
            with(&key, &json!({"PublishSecretsInAWSSecretsManager": true})),
        ),
    ] {
        assert_eq!(
            api.refused(operation, input).await,
            "InvalidParameterException: Client secret operations are not supported for app clients created through dynamic \
             client registration."
        );
    }
    let machine = |scope: &str| {
        json!({
            "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [scope],
        })
    };
    let updated = with(&key, &machine("api/read"));
    let answer = api.ok("UpdateUserPoolClient", updated).await;
    assert_eq!(answer["UserPoolClient"]["ClientType"], "DCR");
    let system = "aws.cognito/dcr/register";
    assert_eq!(
        api.refused("UpdateUserPoolClient", with(&key, &machine(system)))
            .await,
        format!("ScopeDoesNotExistException: Invalid scope requested: {system}")
    );
    assert!(
        api.refused(
            "UpdateUserPoolClient",
            with(&key, &json!({"ClientType": "REGULAR"}))
        )
        .await
        .starts_with("SerializationException: ")
    );
}

#[tokio::test]
async fn the_system_scope_is_for_machines_and_no_server_defines_it() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let scope = "aws.cognito/dcr/register";
    let client = json!({
        "UserPoolId": pool, "ClientName": "registrar", "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [scope],
    });
    let made = api.ok("CreateUserPoolClient", client.clone()).await;
    assert_eq!(made["UserPoolClient"]["AllowedOAuthScopes"], json!([scope]));
    let web = json!({"AllowedOAuthFlows": ["code"], "CallbackURLs": ["https://a.example"]});
    assert_eq!(
        api.refused("CreateUserPoolClient", with(&client, &web))
            .await,
        format!("ScopeDoesNotExistException: Invalid scope requested: {scope}")
    );
    let other = json!({"AllowedOAuthScopes": ["aws.cognito/dcr/other"]});
    assert!(
        api.refused("CreateUserPoolClient", with(&client, &other))
            .await
            .starts_with("ScopeDoesNotExistException: ")
    );
}
