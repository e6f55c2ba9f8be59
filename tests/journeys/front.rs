//! A host in front of a sandbox: it also has AppSync and redirecting pages.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A received request.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Call {
    pub fn bearer(&self) -> Option<&str> {
        let header = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        header.strip_prefix("Bearer ")
    }
}

/// The fate of a request.
pub enum Answer {
    Now(Response),
    /// It never gets an answer.
    Never,
    /// It is forwarded to Cognito.
    Cognito,
}

/// An address that answers some requests itself and forwards the others to Cognito.
pub struct Front {
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    server: JoinHandle<()>,
}

impl Front {
    pub async fn of(
        cognito: String,
        answer: impl Fn(&Call, &str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (record, own) = (Arc::clone(&calls), url.clone());
        let answer = Arc::new(answer);
        let handle = move |request: Request| {
            let (record, own, cognito) = (Arc::clone(&record), own.clone(), cognito.clone());
            let answer = Arc::clone(&answer);
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap();
                let call = Call {
                    method: parts.method.to_string(),
                    path: parts.uri.path().to_owned(),
                    headers: parts.headers.clone(),
                    body: String::from_utf8_lossy(&body).into_owned(),
                };
                let answered = answer(&call, &own);
                if !matches!(answered, Answer::Cognito) {
                    record.lock().unwrap().push(call);
                }
                match answered {
                    Answer::Now(answered) => return answered,
                    Answer::Never => std::future::pending().await,
                    Answer::Cognito => {}
                }
                let url = format!("{cognito}{}", parts.uri);
                let answered = reqwest::Client::new()
                    .request(parts.method, url)
                    .headers(parts.headers)
                    .body(body)
                    .send()
                    .await
                    .unwrap();
                let (status, headers) = (answered.status(), answered.headers().clone());
                let mut response = Response::new(Body::from(answered.bytes().await.unwrap()));
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                response
            }
        };
        let server = tokio::spawn(async move {
            let router = Router::new().fallback(handle);
            axum::serve(listener, router).await.unwrap();
        });
        Self { url, calls, server }
    }

    /// Returns the requests that were not forwarded to Cognito.
    pub fn calls(&self, path: &str) -> Vec<Call> {
        let calls = self.calls.lock().unwrap();
        calls
            .iter()
            .filter(|call| call.path == path)
            .cloned()
            .collect()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Returns a small response with one header.
pub fn answered(status: u16, header: (&'static str, String), body: impl Into<String>) -> Answer {
    let status = StatusCode::from_u16(status).unwrap();
    Answer::Now((status, [header], body.into()).into_response())
}

/// Returns a small JSON response.
pub fn json(status: u16, body: impl Into<String>) -> Answer {
    answered(
        status,
        ("content-type", "application/json".to_owned()),
        body,
    )
}
