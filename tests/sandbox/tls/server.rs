//! A server that uses TLS and HTTP, answers as configured, and records the requests.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

pub struct Server {
    pub port: u16,
    heard: Arc<Mutex<String>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server that answers every request with these bytes, or never if there are none.
    pub async fn start(tls: TlsAcceptor, answer: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(String::new()));
        let (record, answer) = (Arc::clone(&heard), answer.to_owned());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, record, answer) = (tls.clone(), Arc::clone(&record), answer.clone());
                tokio::spawn(async move {
                    // Whoever does not trust us hangs up here.
                    let Ok(mut stream) = tls.accept(stream).await else {
                        return;
                    };
                    let Some(request) = request(&mut stream).await else {
                        return;
                    };
                    record.lock().unwrap().push_str(&request);
                    if answer.is_empty() {
                        return std::future::pending().await;
                    }
                    reply(&mut stream, answer.as_bytes()).await;
                });
            }
        });
        Self { port, heard, task }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Returns everything that was sent to it after a connection was established.
    pub fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns an HTTP response with JSON.
pub fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Reads a whole request, with its body; `None` if the other side hung up before.
pub async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text.into_owned());
            }
        }
        let mut more = [0; 4096];
        let count = stream.read(&mut more).await.ok()?;
        if count == 0 {
            return None;
        }
        bytes.extend_from_slice(&more[..count]);
    }
}

/// Sends it and hangs up. The other side may be gone.
pub async fn reply(stream: &mut (impl AsyncWrite + Unpin), answer: &[u8]) {
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
}
