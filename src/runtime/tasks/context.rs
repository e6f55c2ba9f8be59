//! What a task can use, and how it answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::{OnceCell, mpsc};

use crate::app::message::{CopyRequest, Message, RequestId, TaskEvent};
use crate::cognito::{ConnectionEvent, ConnectionEvents, Error, Gateway};
use crate::delivery::clipboard::ClipboardHandle;
use crate::runtime::tasks::Connect;
use crate::runtime::tasks::copy::CopyTicket;
use crate::runtime::tasks::rotation::RotationSecrets;
use crate::runtime::tasks::token_vault::TokenVault;

/// Whether the console is ending.
#[derive(Clone, Default)]
pub struct ExitState(Arc<AtomicBool>);

impl ExitState {
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether no further step may start.
    pub fn is_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What all tasks share.
#[derive(Clone)]
pub struct TaskContext {
    pub connect: Connect,
    pub gateway: Arc<OnceCell<Gateway>>,
    /// The request that the task answers, unless it is a query.
    pub request: Arc<OpenRequest>,
    pub facts: mpsc::UnboundedSender<TaskOutput>,
    pub vault: Arc<TokenVault>,
    pub safe: Arc<RotationSecrets>,
    pub leaving: ExitState,
    pub desktop: ClipboardHandle,
    /// How long a secret may stay on the desktop's clipboard; `None` without a limit.
    pub clear_after: Option<Duration>,
}

/// A request before its last event. It ends with its task in all cases.
#[derive(Default)]
pub struct OpenRequest {
    id: RequestId,
    /// Where to report the end; `None` after it was reported.
    messages: Mutex<Option<mpsc::UnboundedSender<TaskOutput>>>,
}

impl OpenRequest {
    /// Returns its last event.
    pub fn done(&self, event: TaskEvent) -> Message {
        self.close();
        Message::Done(self.id, Box::new(event))
    }

    fn close(&self) -> Option<mpsc::UnboundedSender<TaskOutput>> {
        let messages = self.messages.lock();
        messages.unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        if let Some(messages) = self.close() {
            // Without a console, no one needs the end.
            let _ = messages.send(TaskOutput::Message(Message::Ended(self.id)));
        }
    }
}

/// What a task sends.
pub enum TaskOutput {
    Message(Message),
    /// A text for the terminal's clipboard: only the loop writes to the terminal.
    Osc52 {
        open: Arc<OpenRequest>,
        request: CopyRequest,
        what: String,
        text: SecretString,
        right: CopyTicket,
    },
}

impl TaskContext {
    /// Returns the connection, created on first use. A failed attempt is not kept, so that a refresh retries.
    pub async fn gateway(&self) -> Result<&Gateway, Error> {
        let facts = self.facts.clone();
        let signals: ConnectionEvents = Arc::new(move |signal| {
            let fact = match signal {
                ConnectionEvent::Throttled { operation, .. } => TaskEvent::Throttled { operation },
                ConnectionEvent::Recovered { .. } => TaskEvent::Recovered,
                ConnectionEvent::SignIn(signing) => TaskEvent::SignIn(signing),
            };
            // Without a console, no one needs the result.
            let event = Message::Event(Box::new(fact));
            let _ = facts.send(TaskOutput::Message(event));
        });
        let connect = async || {
            let gateway = (self.connect)(signals).await?;
            let owned = |word: Option<&str>| word.map(str::to_owned);
            self.send(TaskEvent::Connected {
                region: owned(gateway.region()),
                profile: owned(gateway.profile()),
                endpoint: owned(gateway.endpoint()),
                sign_in: gateway.sign_in().cloned(),
            });
            Ok(gateway)
        };
        self.gateway.get_or_try_init(connect).await
    }

    /// Returns the context of a request's task.
    pub fn answering(&self, id: RequestId) -> Self {
        let messages = Mutex::new(Some(self.facts.clone()));
        Self {
            request: Arc::new(OpenRequest { id, messages }),
            ..self.clone()
        }
    }

    /// Sends an event before the last one.
    pub fn send(&self, event: TaskEvent) {
        self.tell(Message::Event(Box::new(event)));
    }

    /// Sends the last event of the request.
    pub fn done(&self, event: TaskEvent) {
        self.tell(self.request.done(event));
    }

    fn tell(&self, message: Message) {
        // Without a console, no one needs the answer.
        let _ = self.facts.send(TaskOutput::Message(message));
    }
}
