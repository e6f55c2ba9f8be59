//! A started sandbox and a caller of its API.

use cognitui::sandbox::{Options, Sandbox};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// A well-formed signature without a valid value.
pub const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/cognito-idp/aws4_request, \
    SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=00";

pub struct Api {
    pub sandbox: Sandbox,
    http: Client,
}

/// A raw response.
#[derive(Debug)]
pub struct Raw {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Api {
    pub async fn start() -> Self {
        Self::with(Options {
            seed: Some(1),
            ..Options::default()
        })
        .await
    }

    pub async fn with(options: Options) -> Self {
        Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            http: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Returns a POST without an operation and a signature.
    pub fn post(&self) -> RequestBuilder {
        self.http.post(self.sandbox.url())
    }

    /// Returns an unsigned POST with an operation.
    pub fn target(&self, operation: &str) -> RequestBuilder {
        self.post()
            .header("content-type", "application/x-amz-json-1.1")
            .header(
                "x-amz-target",
                format!("{}.{operation}", service(operation)),
            )
    }

    pub async fn raw(&self, operation: &str, body: impl Into<String>) -> Raw {
        let request = self.target(operation).header("authorization", SIGNATURE);
        send(request.body(body.into())).await
    }

    /// Returns the operation's response, or `Name: message` of its error.
    pub async fn call(&self, operation: &str, input: Value) -> Result<Value, String> {
        let raw = self.raw(operation, input.to_string()).await;
        if raw.status == StatusCode::OK {
            return Ok(raw.json());
        }
        assert_eq!(raw.status, StatusCode::BAD_REQUEST, "{operation}: {raw:?}");
        let body = raw.json();
        Err(format!(
            "{}: {}",
            body["__type"].as_str().unwrap(),
            body[message_of(operation)].as_str().unwrap_or_default()
        ))
    }

    pub async fn ok(&self, operation: &str, input: Value) -> Value {
        match self.call(operation, input).await {
            Ok(answer) => answer,
            Err(refusal) => panic!("{operation} is refused: {refusal}"),
        }
    }

    pub async fn refused(&self, operation: &str, input: Value) -> String {
        match self.call(operation, input).await {
            Ok(answer) => panic!("{operation} is not refused: {answer}"),
            Err(refusal) => refusal,
        }
    }

    /// Returns whether a client gets a token with a secret. The client must be allowed to request one without a domain.
    pub async fn works(&self, client: &Value, secret: &str) -> bool {
        let input = json!({"ClientId": client["ClientId"], "Secret": secret});
        let answer = self.call("GetClientToken", input).await;
        let refused = "NotAuthorizedException: Invalid client or secret";
        assert!(answer.is_ok() || answer == Err(refused.to_owned()));
        answer.is_ok()
    }

    /// Creates a pool; returns its id.
    pub async fn pool(&self, name: &str) -> String {
        let answer = self.ok("CreateUserPool", json!({"PoolName": name})).await;
        text(&answer["UserPool"]["Id"])
    }

    /// Creates a pool with the resource server `api` with the scopes `read` and `write`; returns its id.
    pub async fn pool_with_api(&self) -> String {
        let pool = self.pool("with-api").await;
        self.ok(
            "CreateResourceServer",
            json!({"UserPoolId": pool, "Identifier": "api", "Name": "api", "Scopes": [
                {"ScopeName": "read", "ScopeDescription": "Read"},
                {"ScopeName": "write", "ScopeDescription": "Write"},
            ]}),
        )
        .await;
        pool
    }

    /// Creates a confidential client without further settings.
    pub async fn client(&self, pool: &str) -> Value {
        let input = json!({"UserPoolId": pool, "ClientName": "machine", "GenerateSecret": true});
        let mut answer = self.ok("CreateUserPoolClient", input).await;
        answer["UserPoolClient"].take()
    }
}

impl Raw {
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

pub async fn send(request: RequestBuilder) -> Raw {
    let response = request.send().await.unwrap();
    Raw {
        status: response.status(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Returns the members of `base` with `changes` applied; `null` removes one.
pub fn with(base: &Value, changes: &Value) -> Value {
    let mut joined = base.clone();
    let members = joined.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    joined
}

/// Returns the service of an operation in `X-Amz-Target`.
fn service(operation: &str) -> &'static str {
    if operation.contains("Secret") && !operation.contains("UserPool") {
        "secretsmanager"
    } else {
        "AWSCognitoIdentityProviderService"
    }
}

/// Returns the name of the message in an error of the operation's service.
fn message_of(operation: &str) -> &'static str {
    match service(operation) {
        "secretsmanager" => "Message",
        _ => "message",
    }
}
