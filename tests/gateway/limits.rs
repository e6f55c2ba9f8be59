//! Every call has a limit for the size of its response and for the wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cognitui::cognito::{ErrorKind, Gateway, Target};
use cognitui::domain::ids::PoolId;
use cognitui::domain::new_client::machine_auth;
use cognitui::domain::oauth::api_call::{ApiCall, Scheme};
use cognitui::domain::oauth::token::Verification;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::calls::{CALLS, token_of};
use crate::stub::target;

const MIB: u64 = 1024 * 1024;
/// The bytes that may be in the buffers of two sockets when the reader hangs up.
const UNDER_WAY: u64 = 12 * MIB;
const PATIENCE: Duration = Duration::from_secs(1);
/// Longer than any call may take with that timeout, on a busy machine too.
const FOR_EVER: Duration = Duration::from_secs(20);

async fn gateway(url: &str, patience: Duration) -> Gateway {
    let target = Target {
        timeout: Some(patience),
        ..target(url)
    };
    Gateway::connect(target, Arc::new(|_| {})).await.unwrap()
}

/// What a server does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    /// Answers with a body that is 200 MiB long.
    Huge,
    /// Answers, and never ends.
    Endless,
    /// Announces a response, and sends a byte of it now and then.
    Dripping,
    /// The same with its headers.
    DrippingHead,
    /// Never sends anything.
    Mute,
}

/// Starts it; the second part counts the bytes of bodies that were sent.
async fn start(server: Server) -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sent = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&sent);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(server, stream, Arc::clone(&count)));
        }
    });
    (url, sent)
}

async fn serve(server: Server, mut stream: TcpStream, sent: Arc<AtomicU64>) -> Option<()> {
    let mut request = [0; 16 * 1024];
    if stream.read(&mut request).await.ok()? == 0 {
        return None;
    }
    let head = |length: &str| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{length}\r\n\r\n{{\"UserPools\":["
        )
    };
    match server {
        Server::Huge => {
            let length = format!("content-length: {}", 200 * MIB);
            stream.write_all(head(&length).as_bytes()).await.ok()?;
            flood(&mut stream, &sent).await
        }
        Server::Endless => {
            let until_closed = head("connection: close");
            stream.write_all(until_closed.as_bytes()).await.ok()?;
            flood(&mut stream, &sent).await
        }
        Server::Dripping => {
            let until_closed = head("connection: close");
            stream.write_all(until_closed.as_bytes()).await.ok()?;
            drip(&mut stream).await
        }
        Server::DrippingHead => drip(&mut stream).await,
        Server::Mute => std::future::pending().await,
    }
}

async fn flood(stream: &mut TcpStream, sent: &AtomicU64) -> Option<()> {
    let spaces = vec![b' '; 64 * 1024];
    loop {
        stream.write_all(&spaces).await.ok()?;
        sent.fetch_add(64 * 1024, Ordering::Relaxed);
    }
}

async fn drip(stream: &mut TcpStream) -> Option<()> {
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    for byte in b"HTTP/1.1 200 OK\r\n"
        .iter()
        .chain(std::iter::repeat(&b'x'))
    {
        ticks.tick().await;
        stream.write_all(&[*byte]).await.ok()?;
    }
    None
}

#[tokio::test]
async fn no_more_of_an_answer_is_read_than_is_allowed() {
    for server in [Server::Huge, Server::Endless] {
        for call in CALLS {
            let (url, sent) = start(server).await;
            let gateway = gateway(&url, FOR_EVER).await;
            let error = call.on(&gateway, &url).await.unwrap_err();
            let what = format!("{} of {server:?}: {error:?}", call.operation);
            assert_eq!(error.kind, ErrorKind::Malformed, "{what}");
            let limit = if call.lists { 16 } else { 1 };
            // Of what may not be at this endpoint at all, that is said.
            if !["ListGraphqlApis", "PutSecretValue"].contains(&call.operation) {
                assert!(
                    error.detail.contains(&format!("larger than {limit} MiB")),
                    "{what}"
                );
            }
            let sent = sent.load(Ordering::Relaxed);
            // A secret that may have been added is looked for.
            let limit = if call.operation.starts_with("Add") {
                17
            } else {
                limit
            };
            assert!(sent <= limit * MIB + UNDER_WAY, "{sent} bytes: {what}");
        }
    }
}

#[tokio::test]
async fn the_answer_of_an_api_is_cut_and_keys_without_end_prove_nothing() {
    for server in [Server::Huge, Server::Endless] {
        let (url, sent) = start(server).await;
        let gateway = gateway(&url, FOR_EVER).await;
        let call = ApiCall {
            url: url.clone(),
            method: "GET".to_owned(),
            body: String::new(),
            scheme: Scheme::Bearer,
        };
        let token = token_of(&url);
        let answer = gateway.call_api(&call, &token).await.unwrap();
        assert!(answer.cut && answer.body.len() as u64 == MIB);
        let verified = gateway.verify_by_issuer(&token, None).await;
        assert!(
            matches!(verified, Verification::Unknown { .. }),
            "{verified:?}"
        );
        assert!(sent.load(Ordering::Relaxed) <= 2 * (MIB + UNDER_WAY));
    }
}

#[tokio::test]
async fn no_call_waits_longer_than_it_may() {
    let servers = [Server::Dripping, Server::DrippingHead, Server::Mute];
    let calls = servers
        .iter()
        .flat_map(|server| CALLS.iter().map(move |call| (*server, call)));
    join_all(calls.map(|(server, call)| async move {
        let (url, _) = start(server).await;
        let gateway = gateway(&url, PATIENCE).await;
        let start = Instant::now();
        let error = call.on(&gateway, &url).await.unwrap_err();
        let what = format!("{} of {server:?}: {error:?}", call.operation);
        assert_eq!(error.kind, ErrorKind::Timeout, "{what}");
        assert!(
            error.hint.contains("--timeout") || error.hint.contains("may have been"),
            "{what}"
        );
        assert!(start.elapsed() < FOR_EVER, "{what}");
    }))
    .await;
}

#[tokio::test]
async fn an_address_that_takes_no_call_is_given_up() {
    // With two waiting already, a third is not even refused.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let full = (0..2).map(|_| TcpStream::connect(address));
    let full: Vec<_> = join_all(full).await.into_iter().flatten().collect();
    let url = format!("http://{address}");
    join_all(CALLS.iter().map(|call| async {
        let gateway = gateway(&url, PATIENCE).await;
        let start = Instant::now();
        let error = call.on(&gateway, &url).await.unwrap_err();
        assert!(start.elapsed() < FOR_EVER, "{}", call.operation);
        assert_eq!(
            error.kind,
            ErrorKind::Timeout,
            "{}: {error:?}",
            call.operation
        );
    }))
    .await;
    drop((full, listener));
}

#[tokio::test]
async fn one_attempt_that_hangs_leaves_time_for_another() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let hung = listener.accept().await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 16 * 1024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        let body = r#"{"UserPools":[]}"#;
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        drop(hung);
        std::future::pending::<()>().await;
    });
    let gateway = gateway(&url, 6 * PATIENCE).await;
    assert!(gateway.pools(None).await.unwrap().items.is_empty());
    // What must not be done twice is tried once, however long is left.
    let (url, _) = start(Server::Mute).await;
    let gateway = self::gateway(&url, PATIENCE).await;
    let pool = PoolId::new("eu-west-1_A");
    let error = gateway
        .create_client(&pool, &machine_auth())
        .await
        .unwrap_err();
    assert!(error.hint.contains("may have been created"), "{error:?}");
}
