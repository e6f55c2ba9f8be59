//! The gateway on the embedded Cognito, which resets what an update omits, as AWS does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_cognitoidentityprovider::operation::create_user_pool_client::builders::CreateUserPoolClientFluentBuilder;
use aws_sdk_cognitoidentityprovider::types::{
    ExplicitAuthFlowsType, FeatureType, OAuthFlowType, PreventUserExistenceErrorTypes,
    RefreshTokenRotationType, TimeUnitsType, TokenValidityUnitsType, UserPoolClientType,
};
use cognitui::cognito::{ErrorKind, Gateway};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::new_client::{machine_auth, machine_auth_server};
use cognitui::domain::oauth::token::{ClientAuth, TokenRequest, Verification};
use cognitui::domain::plan::{DesiredPool, DesiredState, Step, set_up};
use cognitui::domain::pool::{PoolSummary, UserPool};
use cognitui::domain::scope::ScopeName;
use cognitui::sandbox::{Options, Sandbox};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::stub::target;

pub struct Demo {
    pub sandbox: Sandbox,
    pub gateway: Gateway,
}

impl Demo {
    pub async fn start() -> Self {
        let sandbox = Sandbox::start(Options {
            sample: true,
            ..Options::default()
        })
        .await
        .unwrap();
        let gateway = Gateway::connect(target(&sandbox.url()), Arc::new(|_| {}))
            .await
            .unwrap();
        Self { sandbox, gateway }
    }

    /// Returns the bare SDK, which sees all fields.
    fn sdk(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .endpoint_url(self.sandbox.url());
        Client::from_conf(config.build())
    }

    pub async fn pools(&self) -> Vec<PoolSummary> {
        let page = self.gateway.pools(None).await.unwrap();
        assert_eq!(page.next, None);
        page.items
    }

    /// Returns AWS TEAM's pool: a domain, and no `api` server yet.
    pub async fn team(&self) -> UserPool {
        let pools = self.pools().await;
        let team = pools
            .iter()
            .find(|pool| pool.name.contains("team06dbb7fc"))
            .unwrap();
        self.gateway.pool(&team.id).await.unwrap()
    }

    /// Returns a pool as described over HTTP.
    pub async fn described_pool(&self, pool: &PoolId) -> Value {
        let reply = reqwest::Client::new()
            .post(self.sandbox.url())
            .header(
                "x-amz-target",
                "AWSCognitoIdentityProviderService.DescribeUserPool",
            )
            .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0")
            .body(json!({"UserPoolId": pool.as_str()}).to_string());
        let body = reply.send().await.unwrap().bytes().await.unwrap();
        let mut body: Value = serde_json::from_slice(&body).unwrap();
        body["UserPool"].take()
    }

    async fn described(&self, pool: &PoolId, client: &ClientId) -> UserPoolClientType {
        let call = self
            .sdk()
            .describe_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str());
        call.send().await.unwrap().user_pool_client.unwrap()
    }
}

#[tokio::test]
async fn the_main_job_from_plan_to_verified_claims() {
    let demo = Demo::start().await;
    let (gateway, pool) = (&demo.gateway, demo.team().await);
    let wanted = DesiredState {
        pool: DesiredPool::This(pool.id.clone()),
        servers: vec![machine_auth_server()],
        client: Some(machine_auth()),
        domain: None,
    };
    let plan = set_up(&wanted, &gateway.read_plan_input(&wanted).await.unwrap());
    let [
        Step::There(_),
        Step::CreateServer(_),
        Step::CreateClient(new),
    ] = plan.steps.as_slice()
    else {
        panic!("{plan:?}");
    };
    let Step::CreateServer(server) = &plan.steps[1] else {
        panic!("{plan:?}");
    };
    gateway
        .create_resource_server(&pool.id, server)
        .await
        .unwrap();
    let created = gateway.create_client(&pool.id, new).await.unwrap();

    let secret = gateway.secret(&pool.id, &created.client.id).await.unwrap();
    assert_eq!(
        secret.expose_secret(),
        created.secret.unwrap().expose_secret()
    );
    for auth in [ClientAuth::Basic, ClientAuth::Body] {
        let request = TokenRequest {
            pool: pool.id.clone(),
            client: created.client.id.clone(),
            endpoint: gateway.token_endpoint(&pool).unwrap(),
            scopes: vec![],
            auth,
            metadata: BTreeMap::new(),
        };
        let reply = gateway.issue(&request, &secret).await.unwrap();
        let token = reply.outcome.unwrap();
        assert_eq!(token.jwt.scopes(), [ScopeName::new("api/admin")]);
        let verified = gateway.verify(&token.text, &pool).await;
        assert!(
            matches!(verified, Verification::Valid { .. }),
            "{verified:?}"
        );
    }
}

/// Sets every setting of a client to a value other than its default.
fn peculiar(call: CreateUserPoolClientFluentBuilder) -> CreateUserPoolClientFluentBuilder {
    let units = TokenValidityUnitsType::builder()
        .access_token(TimeUnitsType::Minutes)
        .id_token(TimeUnitsType::Minutes)
        .refresh_token(TimeUnitsType::Hours);
    let rotation = RefreshTokenRotationType::builder()
        .feature(FeatureType::Enabled)
        .retry_grace_period_seconds(30);
    call.client_name("peculiar")
        .generate_secret(true)
        .allowed_o_auth_flows_user_pool_client(true)
        .allowed_o_auth_flows(OAuthFlowType::Code)
        .allowed_o_auth_flows(OAuthFlowType::Implicit)
        .allowed_o_auth_scopes("openid")
        .allowed_o_auth_scopes("email")
        .explicit_auth_flows(ExplicitAuthFlowsType::AllowUserPasswordAuth)
        .supported_identity_providers("COGNITO")
        .callback_urls("https://localhost")
        .logout_urls("https://localhost/out")
        .default_redirect_uri("https://localhost")
        .access_token_validity(20)
        .id_token_validity(25)
        .refresh_token_validity(70)
        .token_validity_units(units.build())
        .read_attributes("email")
        .write_attributes("email")
        .prevent_user_existence_errors(PreventUserExistenceErrorTypes::Enabled)
        .enable_token_revocation(false)
        .enable_propagate_additional_user_context_data(true)
        .auth_session_validity(15)
        .refresh_token_rotation(rotation.build().unwrap())
}

#[tokio::test]
async fn an_update_loses_nothing_of_a_client_on_a_server_that_resets_what_is_omitted() {
    let demo = Demo::start().await;
    let pool = demo.team().await.id;
    let made = peculiar(
        demo.sdk()
            .create_user_pool_client()
            .user_pool_id(pool.as_str()),
    )
    .send()
    .await
    .unwrap();
    let id = ClientId::new(made.user_pool_client.unwrap().client_id.unwrap());
    let before = demo.described(&pool, &id).await;

    let seen = demo.gateway.client(&pool, &id).await.unwrap();
    demo.gateway
        .update_client(&seen, |settings| settings.auth_session_minutes = Some(5))
        .await
        .unwrap();

    let mut expected = before.clone();
    let after = demo.described(&pool, &id).await;
    expected.auth_session_validity = Some(5);
    expected.last_modified_date = after.last_modified_date;
    assert_eq!(after, expected);
    assert_ne!(after.last_modified_date, before.last_modified_date);

    let stale = demo
        .gateway
        .update_client(&seen, |settings| settings.scopes.clear())
        .await
        .unwrap_err();
    assert_eq!(stale.kind, ErrorKind::Changed);
    assert_eq!(demo.described(&pool, &id).await, after);
}

#[tokio::test]
async fn every_client_of_every_pool_can_be_read_page_by_page() {
    let demo = Demo::start().await;
    let mut largest = 0;
    for pool in demo.pools().await {
        let (mut ids, mut next) = (BTreeSet::new(), None);
        loop {
            let page = demo.gateway.clients(&pool.id, next).await.unwrap();
            for client in &page.items {
                assert!(ids.insert(client.id.clone()), "listed twice: {client:?}");
            }
            match page.next {
                Some(token) => next = Some(token),
                None => break,
            }
        }
        largest = largest.max(ids.len());
        let full = demo.gateway.pool(&pool.id).await.unwrap();
        let domains = demo.gateway.domains(&full).await.unwrap();
        assert_eq!(domains.is_empty(), !full.has_domain(), "{}", pool.name);
        assert_eq!(
            demo.gateway.token_endpoint(&full).is_some(),
            full.has_domain()
        );
    }
    assert!(
        largest >= 200,
        "the largest pool has {largest} clients: nothing was paged"
    );
}

#[tokio::test]
async fn what_is_made_twice_or_gone_is_told_as_such() {
    let demo = Demo::start().await;
    let (gateway, pool) = (&demo.gateway, demo.team().await.id);
    assert_eq!(gateway.identity().await.unwrap().account, "123456789012");
    gateway
        .create_resource_server(&pool, &machine_auth_server())
        .await
        .unwrap();
    let again = gateway
        .create_resource_server(&pool, &machine_auth_server())
        .await
        .unwrap_err();
    assert_eq!(again.kind, ErrorKind::Conflict, "{again:?}");
    let client = gateway
        .create_client(&pool, &machine_auth())
        .await
        .unwrap()
        .client
        .id;
    assert_eq!(gateway.secrets(&pool, &client).await.unwrap().len(), 1);
    gateway.delete_client(&pool, &client).await.unwrap();
    assert_eq!(
        gateway.client(&pool, &client).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    gateway.delete_resource_server(&pool, "api").await.unwrap();
    let refused = gateway
        .create_client(&pool, &machine_auth())
        .await
        .unwrap_err();
    assert_eq!(
        (refused.kind, refused.detail.as_str()),
        (ErrorKind::Invalid, "Invalid scope requested: api/admin")
    );
}
