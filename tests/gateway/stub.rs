//! A server that answers as a test defines, and records the requests.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use cognitui::cognito::{ConnectionEvents, Credentials, Gateway, Target};
use secrecy::SecretString;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// One request that arrived.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: String,
    /// The operation that `X-Amz-Target` names; empty for other requests.
    pub operation: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Call {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub struct Stub {
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    server: JoinHandle<()>,
}

/// What the stub answers.
pub type Answer = (u16, String);

impl Stub {
    /// Starts a server whose `answer` receives each call and the number of calls before it.
    pub async fn start(
        answer: impl Fn(&Call, usize) -> Answer + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::start_at("127.0.0.1:0", answer).await
    }

    /// The same at a fixed address.
    pub async fn start_at(
        address: &str,
        answer: impl Fn(&Call, usize) -> Answer + Clone + Send + Sync + 'static,
    ) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&calls);
        let handle = move |request: Request| {
            let (record, answer) = (Arc::clone(&record), answer.clone());
            async move { respond(request, &record, &answer).await }
        };
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            axum::serve(listener, Router::new().fallback(handle))
                .await
                .unwrap();
        });
        Self { url, calls, server }
    }

    /// Returns the calls so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub async fn gateway(&self) -> Gateway {
        self.gateway_telling(Arc::new(|_| {})).await
    }

    pub async fn gateway_telling(&self, signals: ConnectionEvents) -> Gateway {
        Gateway::connect(target(&self.url), signals).await.unwrap()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub fn target(endpoint: &str) -> Target {
    Target {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(endpoint.to_owned()),
        credentials: Some(Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: SecretString::from("an example, not a key"),
        }),
        ..Target::default()
    }
}

async fn respond(
    request: Request,
    record: &Mutex<Vec<Call>>,
    answer: &impl Fn(&Call, usize) -> Answer,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let target = parts
        .headers
        .get("x-amz-target")
        .map_or("", |target| target.to_str().unwrap());
    let call = Call {
        path: parts.uri.path().to_owned(),
        operation: target.rsplit('.').next().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let before = {
        let mut calls = record.lock().unwrap();
        calls.push(call.clone());
        calls.len() - 1
    };
    let (status, text) = answer(&call, before);
    // What the instance metadata service says of a session; nobody else looks at it.
    let lasts = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")];
    (StatusCode::from_u16(status).unwrap(), lasts, text).into_response()
}
