//! Tokens at API Gateway's authorizers, HTTP and REST, as ministack has them, and the console's explanations of their responses.
//!
//! They differ from AWS's: an HTTP API sends no `www-authenticate`, and a REST method without scopes accepts an access token,
//! where AWS expects an id token.

use std::collections::BTreeMap;

use cognitui::cognito::Gateway;
use cognitui::domain::client::AppClient;
use cognitui::domain::explain::explain_api;
use cognitui::domain::new_client::m2m;
use cognitui::domain::oauth::api_call::{ApiAnswer, ApiCall};
use cognitui::domain::oauth::token::{ClientAuth, IssuedToken, TokenRequest};
use cognitui::domain::pool::UserPool;
use cognitui::domain::resource_server::{ResourceServer, Scope};
use cognitui::domain::scope::ScopeName;
use cognitui::domain::time::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::peers::ministack::Ministack;
use crate::peers::{HOUR, gateway, pool};

/// A pool, a client that may have both scopes of `api`, and its secret.
struct World {
    ministack: Ministack,
    gateway: Gateway,
    pool: UserPool,
    client: AppClient,
    secret: SecretString,
}

impl World {
    async fn new(name: &str) -> Self {
        let ministack = Ministack::start().await;
        let gateway = gateway(&ministack).await;
        let pool = pool(&ministack, &gateway, name).await;
        let scopes = ["admin", "read"].map(|scope| Scope {
            name: scope.to_owned(),
            description: scope.to_owned(),
        });
        let server = ResourceServer {
            identifier: "api".to_owned(),
            name: "api".to_owned(),
            scopes: scopes.to_vec(),
            ..ResourceServer::default()
        };
        gateway
            .create_resource_server(&pool.id, &server)
            .await
            .unwrap();
        let both = ["api/admin", "api/read"].map(ScopeName::new).to_vec();
        let created = gateway
            .create_client(&pool.id, &m2m("caller", both, HOUR))
            .await
            .unwrap();
        Self {
            ministack,
            gateway,
            pool,
            client: created.client,
            secret: created.secret.unwrap(),
        }
    }

    async fn token(&self, scope: &str) -> IssuedToken {
        let request = TokenRequest {
            pool: self.pool.id.clone(),
            client: self.client.id.clone(),
            endpoint: self.gateway.token_endpoint(&self.pool).unwrap(),
            scopes: vec![ScopeName::new(scope)],
            auth: ClientAuth::Basic,
            metadata: BTreeMap::new(),
        };
        let reply = self.gateway.issue(&request, &self.secret).await.unwrap();
        reply.outcome.unwrap()
    }

    /// Creates something in ministack's API Gateway.
    async fn make(&self, method: &str, path: &str, body: &Value) -> Value {
        let signature = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=x";
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let answer = reqwest::Client::new()
            .request(method, format!("{}{path}", self.ministack.url))
            .header("authorization", signature)
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn call(&self, method: &str, api: &str, token: &IssuedToken) -> ApiAnswer {
        let call = ApiCall {
            method: method.to_owned(),
            url: format!("{}/_aws/execute-api/{api}/prod/orders", self.ministack.url),
            ..ApiCall::default()
        };
        self.gateway.call_api(&call, &token.text).await.unwrap()
    }
}

/// Starts an API behind the gateway that answers everything. Returns its URL.
async fn backend() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/orders", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(async || "{\"orders\":[]}");
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Returns the console's first explanation of a response.
fn told(answer: &ApiAnswer, token: &IssuedToken) -> String {
    let now = token.jwt.issued().unwrap_or(Timestamp::from_seconds(0));
    let explained = explain_api(answer, &ApiCall::default(), &token.jwt, now).unwrap();
    let causes = explained.causes.iter().map(|cause| cause.text.as_str());
    causes.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_http_api_wants_the_audience_and_a_scope_of_the_route() {
    let world = World::new("http-api").await;
    let (admin, read) = (
        world.token("api/admin").await,
        world.token("api/read").await,
    );
    let issuer = admin.jwt.claim_str("iss").unwrap();
    let api = world
        .make(
            "POST",
            "/v2/apis",
            &json!({"name": "orders", "protocolType": "HTTP"}),
        )
        .await;
    let api = api["apiId"].as_str().unwrap();
    let at = |path: &str| format!("/v2/apis/{api}/{path}");
    let backend = backend().await;
    let integration = json!({
        "integrationType": "HTTP_PROXY", "integrationMethod": "GET", "integrationUri": backend, "payloadFormatVersion": "1.0",
    });
    let integration = world.make("POST", &at("integrations"), &integration).await;
    for (method, audience) in [("GET", world.client.id.as_str()), ("POST", "somebody-else")] {
        let authorizer = json!({
            "name": method, "authorizerType": "JWT", "identitySource": ["$request.header.Authorization"],
            "jwtConfiguration": {"issuer": issuer, "audience": [audience]},
        });
        let authorizer = world.make("POST", &at("authorizers"), &authorizer).await;
        let route = json!({
            "routeKey": format!("{method} /orders"), "target": format!("integrations/{}", integration["integrationId"].as_str().unwrap()),
            "authorizationType": "JWT", "authorizerId": authorizer["authorizerId"], "authorizationScopes": ["api/admin"],
        });
        world.make("POST", &at("routes"), &route).await;
    }
    world
        .make(
            "POST",
            &at("stages"),
            &json!({"stageName": "prod", "autoDeploy": true}),
        )
        .await;

    let answer = world.call("GET", api, &admin).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = world.call("GET", api, &read).await;
    assert_eq!(
        (answer.status, answer.header("www-authenticate")),
        (403, None)
    );
    assert!(
        told(&answer, &read).contains("lacks a scope that this route asks for. It has api/read")
    );
    let answer = world.call("POST", api, &admin).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn a_rest_api_wants_a_scope_of_the_method() {
    let world = World::new("rest-api").await;
    let (admin, read) = (
        world.token("api/admin").await,
        world.token("api/read").await,
    );
    let api = world
        .make("POST", "/restapis", &json!({"name": "orders"}))
        .await;
    let (root, api) = (
        api["rootResourceId"].as_str().unwrap(),
        api["id"].as_str().unwrap(),
    );
    let resource = world
        .make(
            "POST",
            &format!("/restapis/{api}/resources/{root}"),
            &json!({"pathPart": "orders"}),
        )
        .await;
    let authorizer = json!({
        "name": "pool", "type": "COGNITO_USER_POOLS", "providerARNs": [world.pool.arn.clone().unwrap()],
        "identitySource": "method.request.header.Authorization",
    });
    let authorizer = world
        .make("POST", &format!("/restapis/{api}/authorizers"), &authorizer)
        .await;
    for (method, scopes) in [("GET", json!(["api/admin"])), ("POST", json!([]))] {
        let at = format!(
            "/restapis/{api}/resources/{}/methods/{method}",
            resource["id"].as_str().unwrap()
        );
        let guarded = json!({
            "authorizationType": "COGNITO_USER_POOLS", "authorizerId": authorizer["id"], "authorizationScopes": scopes,
        });
        world.make("PUT", &at, &guarded).await;
        let mock = json!({"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\":200}"}});
        world.make("PUT", &format!("{at}/integration"), &mock).await;
        world
            .make("PUT", &format!("{at}/responses/200"), &json!({}))
            .await;
        let templates = json!({"responseTemplates": {"application/json": "{\"ok\":true}"}});
        world
            .make(
                "PUT",
                &format!("{at}/integration/responses/200"),
                &templates,
            )
            .await;
    }
    world
        .make(
            "POST",
            &format!("/restapis/{api}/deployments"),
            &json!({"stageName": "prod"}),
        )
        .await;

    let answer = world.call("GET", api, &admin).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "{\"ok\":true}")
    );
    let answer = world.call("GET", api, &read).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (401, "{\"message\":\"Unauthorized\"}")
    );
    let words = told(&answer, &read);
    assert!(words.contains("method lists no OAuth scopes"), "{words}");
    assert!(
        words.contains("none of the method's scopes. It has api/read"),
        "{words}"
    );
    // AWS would answer 401 here, as it expects an id token then; ministack lets an access token in.
    assert_eq!(world.call("POST", api, &read).await.status, 200);
}
