//! All kinds of calls of the gateway, to check rules for all of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognitui::cognito::{Error, Gateway, all_pages};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::new_client::{machine_auth, machine_auth_server};
use cognitui::domain::oauth::token::{ClientAuth, TokenRequest};
use cognitui::domain::pool::{NewDomain, NewPool};
use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;
use serde_json::json;

pub const SECRET: &str = "0123456789abcdefghijklmnopqrstuv";

/// A call: its first operation, and its result, with the answer in words.
pub struct Call {
    pub operation: &'static str,
    /// Whether it reads a list.
    pub lists: bool,
    make: for<'a> fn(&'a Gateway, &'a str) -> LocalBoxFuture<'a, Result<String, Error>>,
}

impl Call {
    pub async fn on(&self, gateway: &Gateway, url: &str) -> Result<String, Error> {
        (self.make)(gateway, url).await
    }
}

fn pool() -> &'static PoolId {
    static POOL: LazyLock<PoolId> = LazyLock::new(|| PoolId::new("eu-west-1_A"));
    &POOL
}

fn client() -> ClientId {
    ClientId::new("4k2")
}

fn words<T: std::fmt::Debug>(answer: Result<T, Error>) -> Result<String, Error> {
    answer.map(|answer| format!("{answer:?}"))
}

pub fn request(url: &str, auth: ClientAuth) -> TokenRequest {
    TokenRequest {
        pool: pool().clone(),
        client: client(),
        endpoint: format!("{url}/oauth2/token"),
        scopes: Vec::new(),
        auth,
        metadata: BTreeMap::new(),
    }
}

/// Returns a token that names the pool at this endpoint as its issuer.
pub fn token_of(url: &str) -> SecretString {
    let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let head = part(json!({"alg": "RS256", "kid": "k"}));
    let claims = part(json!({"iss": format!("{url}/{}", pool()), "token_use": "access"}));
    format!("{head}.{claims}.c2ln").into()
}

macro_rules! calls {
    ($($operation:literal $lists:literal |$gateway:ident, $url:ident| $call:expr,)+) => {
        pub const CALLS: &[Call] = &[$(Call {
            operation: $operation,
            lists: $lists,
            make: |$gateway, $url| Box::pin(async move { let _ = $url; words($call.await) }),
        },)+];
    };
}

calls! {
    "ListUserPools" true |gateway, url| all_pages(|next| gateway.pools(next)),
    "ListUserPoolClients" true |gateway, url| all_pages(|next| gateway.clients(pool(), next)),
    "ListResourceServers" true |gateway, url| all_pages(|next| gateway.resource_servers(pool(), next)),
    "ListUserPoolClientSecrets" true |gateway, url| gateway.secrets(pool(), &client()),
    "ListGraphqlApis" true |gateway, url| gateway.team_graph_apis(),
    "DescribeUserPool" false |gateway, url| gateway.pool(pool()),
    "DescribeUserPoolClient" false |gateway, url| gateway.client(pool(), &client()),
    "DescribeResourceServer" false |gateway, url| gateway.resource_server(pool(), "api"),
    "DescribeUserPoolDomain" false |gateway, url| gateway.domain_owner("acme"),
    "GetCallerIdentity" false |gateway, url| gateway.identity(),
    "CreateUserPool" false |gateway, url| gateway.create_pool(&NewPool { name: "machines".to_owned(), ..NewPool::default() }),
    "CreateUserPoolClient" false |gateway, url| gateway.create_client(pool(), &machine_auth()),
    "CreateResourceServer" false |gateway, url| gateway.create_resource_server(pool(), &machine_auth_server()),
    "CreateUserPoolDomain" false |gateway, url| gateway.create_domain(pool(), &NewDomain { name: "acme".to_owned(), managed_login_version: None, certificate_arn: None }),
    "AddUserPoolClientSecret" false |gateway, url| gateway.add_secret(pool(), &client(), None, &[]),
    "DeleteUserPool" false |gateway, url| gateway.delete_pool(pool()),
    "DeleteUserPoolClient" false |gateway, url| gateway.delete_client(pool(), &client()),
    "DeleteUserPoolDomain" false |gateway, url| gateway.delete_domain(pool(), "acme"),
    "PutSecretValue" false |gateway, url| gateway.put_secret("team/checkout", &SecretString::from(SECRET)),
    "token request" false |gateway, url| gateway.issue(&request(url, ClientAuth::Basic), &SecretString::from(SECRET)),
}
