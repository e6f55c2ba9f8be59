//! A running server and a client that speaks plain HTTP to it.

use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Client as Http, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use cognitui::sandbox::faults::{self, FaultControl};
use cognitui::sandbox::shared::Shared;
use cognitui::sandbox::state::{Client, Pool, State};
use cognitui::sandbox::{oauth, sample};

pub const PROD: &str = "acme-platform-prod";
pub const STAGING: &str = "acme-platform-staging";
pub const DEVICES: &str = "iot-device-gateway";

/// The server under test. It ends with the test's runtime.
pub struct Server {
    pub url: String,
    pub shared: Arc<Shared>,
    http: Http,
}

/// What a client needs to ask for a token.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub pool: String,
    pub id: String,
    pub secrets: Vec<String>,
}

impl Server {
    pub async fn start() -> Self {
        let state = sample::load("eu-west-1", "123456789012", SystemTime::now()).unwrap();
        let shared = Arc::new(Shared {
            region: "eu-west-1".to_owned(),
            account: "123456789012".to_owned(),
            state: std::sync::Mutex::new(state),
            faults: FaultControl::default(),
            now: SystemTime::now,
        });
        // A stand-in for the API at `/`, which these tests meet only through faults.
        let router = Router::new()
            .route(
                "/",
                post(|| async { json!({ "UserPools": [] }).to_string() }),
            )
            .merge(oauth::routes(Arc::clone(&shared)))
            .layer(from_fn_with_state(Arc::clone(&shared), faults::apply));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            shared,
            http: Http::builder().no_proxy().build().unwrap(),
        }
    }

    pub fn state(&self) -> State {
        self.shared.state.lock().unwrap().clone()
    }

    pub fn pool(&self, name: &str) -> Pool {
        let pools = self.state().pools;
        pools.into_values().find(|pool| pool.name == name).unwrap()
    }

    pub fn credentials(&self, pool: &str, client: &str) -> Credentials {
        let pool = self.pool(pool);
        let client = pool.clients.iter().find(|c| c.name == client).unwrap();
        Credentials {
            pool: pool.id.clone(),
            id: client.id.clone(),
            secrets: client.secrets.iter().map(|s| s.value.clone()).collect(),
        }
    }

    /// Changes a client by hand.
    pub fn edit(&self, who: &Credentials, change: impl FnOnce(&mut Client)) {
        let mut state = self.shared.state.lock().unwrap();
        let clients = &mut state.pools.get_mut(&who.pool).unwrap().clients;
        change(clients.iter_mut().find(|c| c.id == who.id).unwrap());
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }

    /// A token request with a form body.
    pub fn form(&self, body: impl Into<String>) -> RequestBuilder {
        self.post("/oauth2/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.into())
    }

    /// A token request with client_secret_basic.
    pub fn ask(&self, who: &Credentials, scope: Option<&str>) -> RequestBuilder {
        let scope = scope
            .map(|scope| format!("&scope={}", scope.replace('/', "%2F").replace(' ', "+")))
            .unwrap_or_default();
        self.form(format!("grant_type=client_credentials{scope}"))
            .header("authorization", who.basic(0))
    }

    /// A token that must come.
    pub async fn token(&self, who: &Credentials, scope: Option<&str>) -> String {
        let (status, body) = answer(self.ask(who, scope)).await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }
}

impl Credentials {
    pub fn basic(&self, secret: usize) -> String {
        let pair = format!("{}:{}", self.id, self.secrets[secret]);
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }
}

pub async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// The status and the JSON body.
pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = send(request).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: not JSON: {text}"));
    (status, body)
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}
