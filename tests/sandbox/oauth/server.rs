//! A running server and a plain HTTP client.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Client as Http, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use cognitui::sandbox::state::{Client, Pool, State};
use cognitui::sandbox::{Options, Sandbox};

pub const PROD: &str = "acme-platform-prod";
pub const STAGING: &str = "acme-platform-staging";
pub const DEVICES: &str = "iot-device-gateway";

/// The server under test, on the sample account. It ends with the test.
pub struct Server {
    pub sandbox: Sandbox,
    http: Http,
}

/// What a client needs to request a token.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub pool: String,
    pub id: String,
    pub secrets: Vec<String>,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let options = Options {
            sample: true,
            ..options
        };
        Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            http: Http::builder().no_proxy().build().unwrap(),
        }
    }

    pub fn state(&self) -> State {
        self.sandbox.state()
    }

    /// Sets these faults, replacing others.
    pub fn suffer(&self, faults: &str) {
        self.sandbox.faults().set(faults.parse().unwrap());
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

    /// Changes a client without the API.
    pub fn edit(&self, who: &Credentials, change: impl FnOnce(&mut Client)) {
        self.sandbox.edit(|state| {
            let clients = &mut state.pools.get_mut(&who.pool).unwrap().clients;
            change(clients.iter_mut().find(|c| c.id == who.id).unwrap());
        });
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.sandbox.url()))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.sandbox.url()))
    }

    /// Returns a call of the API, with a well-formed signature.
    pub fn call(&self, operation: &str, input: &Value) -> RequestBuilder {
        self.unsigned(operation, input).header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/cognito-idp/aws4_request, \
             SignedHeaders=host, Signature=0",
        )
    }

    pub fn unsigned(&self, operation: &str, input: &Value) -> RequestBuilder {
        self.post("/")
            .header("content-type", "application/x-amz-json-1.1")
            .header(
                "x-amz-target",
                format!("AWSCognitoIdentityProviderService.{operation}"),
            )
            .body(input.to_string())
    }

    /// Returns a token request with a form body.
    pub fn form(&self, body: impl Into<String>) -> RequestBuilder {
        self.post("/oauth2/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.into())
    }

    /// Returns a token request with client_secret_basic.
    pub fn ask(&self, who: &Credentials, scope: Option<&str>) -> RequestBuilder {
        let scope = scope
            .map(|scope| format!("&scope={}", scope.replace('/', "%2F").replace(' ', "+")))
            .unwrap_or_default();
        self.form(format!("grant_type=client_credentials{scope}"))
            .header("authorization", who.basic(0))
    }

    /// Requests a token, which must be issued.
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

/// Returns the status and the JSON body.
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
