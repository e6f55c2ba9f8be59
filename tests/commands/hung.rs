//! A Cognito that never answers one operation, and answers all others.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::front::{Answer, Front};

/// More time than any program needs to send a request.
const PATIENCE: Duration = Duration::from_mins(1);

/// An address at which one operation never gets an answer.
pub struct Hung {
    pub url: String,
    asked: Receiver<()>,
    _front: Front,
    /// Serves it while the test waits for the program.
    _runtime: Runtime,
}

impl Hung {
    /// Starts it in front of `cognito`. `token` is the token endpoint.
    pub fn at(operation: &'static str, cognito: String) -> Self {
        Self::answering(operation, cognito, || Answer::Never)
    }

    /// The same, with an answer of the test's own.
    pub fn answering(
        operation: &'static str,
        cognito: String,
        answer: impl Fn() -> Answer + Send + Sync + 'static,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let (sender, asked) = channel();
        let sender = Mutex::new(sender);
        let front = runtime.block_on(Front::of(cognito, move |call, _| {
            let target = call.headers.get("x-amz-target");
            let target = target.map_or("", |target| target.to_str().unwrap());
            let named = target.rsplit('.').next() == Some(operation);
            if named || operation == "token" && call.path == "/oauth2/token" {
                // Whoever waited may have heard enough.
                let _ = sender.lock().unwrap().send(());
                return answer();
            }
            Answer::Cognito
        }));
        Self {
            url: front.url.clone(),
            asked,
            _front: front,
            _runtime: runtime,
        }
    }

    /// Waits until the operation was called.
    pub fn until_asked(&self) {
        let asked = self.asked.recv_timeout(PATIENCE);
        assert!(asked.is_ok(), "it was never asked for");
    }
}
