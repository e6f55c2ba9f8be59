//! Messages: queries, effects and events.

pub mod clipboard;
pub mod rotation;
mod route;

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::Event;
use secrecy::SecretString;

use crate::app::message::clipboard::ClipboardKind;
use crate::app::message::rotation::{RotationCommand, RotationMark, RotationResult};
use crate::app::typed_secret::TypedSecret;
use crate::cognito::{Error, SignInEvent};
pub use crate::cognito::{PlanOutcome, PlanProgress};
use crate::domain::delivery::destination::{Delivery, DeliveryError};
use crate::domain::identity::SignIn;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::api_call::{ApiAnswer, ApiCall};
use crate::domain::oauth::exchange::Exchange;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::{OAuthError, TokenRequest, Verification};
use crate::domain::oauth::token_finder::{ParsedPaste, UnreadablePaste};
use crate::domain::plan::Plan;
use crate::input::Action;
use crate::ui::theme::Status;

pub use crate::app::query::{PoolAnswer, Query, QueryResult, RequestId};
pub use route::{
    AccessQuestion, CopyMenu, DeleteTarget, FixOption, Route, SetupOrigin, SetupOutcome,
    SetupTarget,
};

/// Names a token that was issued in this session. Its text stays with the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(pub u64);

/// Something that changes what Cognito holds. It is shown, confirmed, and then never cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRequest {
    pub plan: Plan,
}

/// What to put on the clipboard. Secrets are named, not held: the runtime fetches the value, hands it over and forgets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyRequest {
    /// Something that is on the screen anyway.
    Plain { what: String, text: String },
    /// Something made of a client's secret.
    Client {
        pool: PoolId,
        client: ClientId,
        name: String,
        endpoint: Option<String>,
        form: ClientForm,
    },
    /// Made of the secret that a rotation added, which Cognito never returns again.
    Added {
        pool: PoolId,
        client: ClientId,
        name: String,
        endpoint: Option<String>,
        form: ClientForm,
    },
    /// Something made of a token.
    Token { id: TokenId, form: TokenForm },
}

impl CopyRequest {
    /// Whether what is copied must be kept secret.
    pub fn is_secret(&self) -> bool {
        !matches!(self, Self::Plain { .. })
    }
}

/// The forms in which a client's credentials are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientForm {
    Secret,
    /// `export` lines for a shell.
    Exports,
    Json,
}

/// The forms in which a token is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenForm {
    Token,
    /// `Authorization: Bearer ...`.
    Header,
    /// A curl call of an API, with the token in it.
    Curl,
}

/// Everything that can happen.
#[derive(Debug)]
pub enum Message {
    Input(Event),
    /// The timer that runs only while something on the screen moves.
    Tick,
    Event(Box<TaskEvent>),
    /// The last event of a request.
    Done(RequestId, Box<TaskEvent>),
    /// A request is over and has no last event: it was overtaken or given up.
    Ended(RequestId),
}

/// An answer from outside. It names what it answers.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it travels in a box, so its largest variant does not enlarge the others"
)]
pub enum TaskEvent {
    /// Part of the answer to `query`; `last` ends it. Answers to an earlier `run` of the same query are dropped.
    Loaded {
        query: Query,
        run: RequestId,
        data: QueryResult,
        last: bool,
    },
    Failed {
        query: Query,
        run: RequestId,
        error: Error,
    },
    /// Connected; with the settings that were found while connecting.
    Connected {
        region: Option<String>,
        profile: Option<String>,
        endpoint: Option<String>,
        /// The program that logs in again, where a person can.
        sign_in: Option<SignIn>,
    },
    /// What became of a code of an MFA device.
    CodeGiven(Result<(), Error>),
    /// The user has logged in with a program, or why that failed.
    LoggedIn(Result<(), String>),
    /// What became of the credentials that sign the calls.
    SignIn(SignInEvent),
    /// Cognito asked us to slow down; the call goes on.
    Throttled { operation: String },
    /// A throttled call went through.
    Recovered,
    /// A change that is being written has come a step further.
    PlanProgress {
        change: PlanRequest,
        progress: PlanProgress,
    },
    PlanFinished {
        change: PlanRequest,
        done: PlanOutcome,
    },
    Revealed {
        pool: PoolId,
        client: ClientId,
        outcome: Result<SecretString, Error>,
    },
    /// The secret that a rotation added; `None` where its value is not held.
    RevealedAdded {
        pool: PoolId,
        client: ClientId,
        secret: Option<SecretString>,
    },
    TokenIssued {
        request: TokenRequest,
        outcome: Result<TokenResponse, Error>,
    },
    /// The tokens in what was pasted, decoded; they are being verified. There is at least one.
    PasteParsed(Result<Vec<PastedToken>, UnreadablePaste>),
    Verified {
        id: TokenId,
        verification: Verification,
    },
    ApiCalled {
        token: TokenId,
        call: ApiCall,
        outcome: Result<ApiAnswer, Error>,
    },
    Rotated {
        what: RotationCommand,
        outcome: Result<RotationResult, Error>,
    },
    /// What was copied, its name for the notice, and how.
    Copied {
        request: CopyRequest,
        what: String,
        outcome: Result<ClipboardKind, String>,
    },
    /// Where a client's credentials went, in words that complete "Delivered ...", or why it failed or is unconfirmed.
    Delivered {
        request: CopyRequest,
        outcome: Result<String, DeliveryError>,
    },
    /// The desktop's clipboard holds what was just copied; a secret for so long.
    ClipboardHeld { clears_after: Option<Duration> },
    /// Whether a secret was taken off the clipboard; false where it had been replaced.
    ClipboardCleared(Result<bool, String>),
    /// Where the screen was saved to, or why it was not.
    ScreenSaved(Result<String, String>),
    /// Only the terminal could copy this, and the user has not been asked yet.
    Osc52Needed(CopyRequest),
    /// A file was written, or the reason why not.
    FileWritten {
        path: PathBuf,
        outcome: Result<(), String>,
    },
}

/// A screen to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screenshot {
    pub text: String,
    pub svg: String,
}

/// The token endpoint's answer, without the token's text.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// As it went over the wire, secret and token masked.
    pub exchange: Exchange,
    pub outcome: Result<TokenInfo, OAuthError>,
}

/// A token of this session, as screens may know it.
#[derive(Clone, Debug)]
pub struct TokenInfo {
    pub id: TokenId,
    pub jwt: Jwt,
    pub expires_in: Option<i64>,
    pub token_type: Option<String>,
    pub verification: Verification,
}

/// A token that was pasted, without its text.
#[derive(Clone, Debug)]
pub struct PastedToken {
    pub id: TokenId,
    pub reading: ParsedPaste,
}

/// What an update wants done. The app sees to the first four itself; the runtime to the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Open(Route),
    /// Close a screen and all above it, and go elsewhere.
    Replace {
        of: Route,
        go: Vec<Route>,
    },
    Back,
    Notice(Notice),
    /// Ask again for what the screen shows.
    Refresh,
    /// Read all app clients of a large pool, or pause that.
    ReadAll(PoolId, bool),
    Fetch(Query, RequestId),
    /// Start one of the effects below; its last event carries the id.
    Start(RequestId, Box<Effect>),
    /// The answer is no longer wanted.
    Abort(Query),
    /// Look for other credentials with the next call, although those at hand work for a while yet.
    RenewCredentials,
    /// Log in with a code of an MFA device.
    GiveCode(TypedSecret),
    /// Run the program that logs in, on the terminal.
    LogIn(SignIn),
    ApplyPlan(PlanRequest),
    Reveal(PoolId, ClientId),
    /// Show the secret that a rotation added.
    RevealAdded(PoolId, ClientId),
    /// Ask for a token, with the client's own secret or with another that the user gave.
    IssueToken(TokenRequest, Option<TypedSecret>),
    /// Look for a token in what was pasted.
    ParsePaste(TypedSecret),
    /// Call an API with a token.
    CallApi(TokenId, ApiCall),
    /// Take a step of a rotation.
    Rotate(RotationCommand),
    /// Remember what the user did about a rotation.
    MarkRotation(PoolId, ClientId, RotationMark),
    Copy(CopyRequest),
    /// Hand over what could be copied, to a place outside.
    Deliver(CopyRequest, Delivery),
    /// Copy this by asking the terminal (OSC 52); from now on all that only it can copy.
    CopyThroughTerminal(CopyRequest),
    /// Take a secret off the desktop's clipboard.
    ClearClipboard,
    /// Keep the screen in files, with all that is private covered.
    SaveScreen,
    /// Write a new file. Nothing that must be kept secret goes into one.
    WriteFile {
        path: PathBuf,
        text: String,
    },
    Suspend,
    Quit,
}

/// One line about what just happened. It stays until the next key press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub tone: Status,
    pub text: String,
    /// The key that it refuses: it goes when the key works.
    pub refuses: Option<Action>,
}

impl Notice {
    fn new(tone: Status, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            refuses: None,
        }
    }

    /// Why a key does nothing for now.
    pub fn refusal(key: Action, reason: impl Into<String>) -> Self {
        Self {
            refuses: Some(key),
            ..Self::info(reason)
        }
    }

    /// A plain remark, such as why a key does nothing here.
    pub fn info(text: impl Into<String>) -> Self {
        Self::new(Status::Plain, text)
    }

    /// Something worked.
    pub fn good(text: impl Into<String>) -> Self {
        Self::new(Status::Good, text)
    }

    /// Something to look at.
    pub fn warn(text: impl Into<String>) -> Self {
        Self::new(Status::Warn, text)
    }

    /// Something failed.
    pub fn bad(text: impl Into<String>) -> Self {
        Self::new(Status::Bad, text)
    }
}
