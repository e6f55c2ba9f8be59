//! The words that travel: what can be asked for, what can be done, what has happened.

mod query;
mod route;

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::Event;
use secrecy::SecretString;

use crate::app::on_rotation::{Doing, Rotating, Stepped};
use crate::app::typed_secret::Concealed;
pub use crate::cognito::{Done, Progress};
use crate::cognito::{Error, Signing};
use crate::domain::delivery::destination::{Delivery, Undelivered};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::api_call::{ApiAnswer, ApiCall};
use crate::domain::oauth::exchange::Exchange;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::{OAuthError, TokenRequest, Verification};
use crate::domain::oauth::token_finder::{Reading, Unreadable};
use crate::domain::plan::Plan;
use crate::ui::theme::Tone;

pub use query::{Data, Query, Run};
pub use route::{Access, Aim, Begun, CopyMenu, Ready, Route, Subject, Way};

/// Names a token that was issued in this session. Its text stays with the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(pub u64);

/// Something that changes what Cognito holds. It is shown, confirmed, and then never cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
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
    /// Something made of the secret that a rotation added, which Cognito tells nobody any more.
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

/// The forms in which a client's credentials are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientForm {
    Secret,
    /// `export` lines for a shell.
    Exports,
    Json,
}

/// The forms in which a token is handed over.
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
pub enum Msg {
    Terminal(Event),
    /// The timer that runs only while something on the screen moves.
    Tick,
    Fact(Box<Fact>),
}

/// An answer from outside. It names what it answers.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it travels in a box, so its largest variant costs nobody else"
)]
pub enum Fact {
    /// Part of the answer to `query`; `last` ends it. Answers to an earlier `run` of the same query are dropped.
    Loaded {
        query: Query,
        run: Run,
        data: Data,
        last: bool,
    },
    Failed {
        query: Query,
        run: Run,
        error: Error,
    },
    /// The connection stands; what was looked up on the way.
    Connected {
        region: Option<String>,
        profile: Option<String>,
        endpoint: Option<String>,
    },
    /// What became of the credentials that sign the calls.
    Signing(Signing),
    /// Cognito asked us to slow down; the call goes on.
    Throttled {
        operation: String,
    },
    /// A throttled call went through.
    Recovered,
    /// A change that is being written has come a step further.
    Step {
        change: Change,
        progress: Progress,
    },
    Changed {
        change: Change,
        done: Done,
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
    Issued {
        request: TokenRequest,
        outcome: Result<Reply, Error>,
    },
    /// What was pasted, decoded; it is being verified.
    Read(Result<Read, Unreadable>),
    Verified {
        id: TokenId,
        verification: Verification,
    },
    Called {
        token: TokenId,
        call: ApiCall,
        outcome: Result<ApiAnswer, Error>,
    },
    Rotated {
        what: Rotating,
        outcome: Result<Stepped, Error>,
    },
    /// What was copied, its name for the notice, and where to, in words that complete "Copied ...".
    Copied {
        request: CopyRequest,
        what: String,
        outcome: Result<String, String>,
    },
    /// A copy was not made, because another was asked for meanwhile.
    CopyOvertaken,
    /// Where a client's credentials went, in words that complete "Handed over ...", or why nobody, or perhaps somebody, got them.
    HandedOver {
        request: CopyRequest,
        outcome: Result<String, Undelivered>,
    },
    /// The desktop's clipboard holds what was just copied; a secret for so long.
    ClipboardHeld {
        clears_after: Option<Duration>,
    },
    /// Whether a secret was taken off the clipboard; false where it had been replaced.
    Cleared(Result<bool, String>),
    /// Where the screen was saved to, or why it was not.
    Saved(Result<String, String>),
    /// Only the terminal could copy this, and the user has not been asked yet.
    TerminalAsked(CopyRequest),
    /// A file was written, or the reason why not.
    Wrote {
        path: PathBuf,
        outcome: Result<(), String>,
    },
}

/// A screen to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub text: String,
    pub svg: String,
}

/// The token endpoint's answer, without the token's text.
#[derive(Clone, Debug)]
pub struct Reply {
    /// As it went over the wire, secret and token masked.
    pub exchange: Exchange,
    pub outcome: Result<Issued, OAuthError>,
}

/// A token of this session, as far as screens may know it.
#[derive(Clone, Debug)]
pub struct Issued {
    pub id: TokenId,
    pub jwt: Jwt,
    pub expires_in: Option<i64>,
    pub token_type: Option<String>,
    pub verification: Verification,
}

/// A token that was pasted, without its text.
#[derive(Clone, Debug)]
pub struct Read {
    pub id: TokenId,
    pub reading: Reading,
}

/// What an update wants done. The app sees to the first four itself; the runtime to the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Go(Route),
    /// Close a screen and all above it, and go elsewhere.
    Instead {
        of: Route,
        go: Vec<Route>,
    },
    Back,
    Notice(Notice),
    /// Ask again for what the screen shows.
    Refresh,
    Fetch(Query, Run),
    /// The answer is no longer wanted.
    Abort(Query),
    /// Look for other credentials with the next call, although those at hand work for a while yet.
    Renew,
    Change(Change),
    Reveal(PoolId, ClientId),
    /// Show the secret that a rotation added.
    RevealAdded(PoolId, ClientId),
    /// Ask for a token, with the client's own secret or with another that the user gave.
    Issue(TokenRequest, Option<Concealed>),
    /// Look for a token in what was pasted.
    Read(Concealed),
    /// Call an API with a token.
    Call(TokenId, ApiCall),
    /// Take a step of a rotation.
    Rotate(Rotating),
    /// Remember what the user did about a rotation.
    Doing(PoolId, ClientId, Doing),
    Copy(CopyRequest),
    /// Hand over what could be copied, to a place outside.
    HandOver(CopyRequest, Delivery),
    /// Copy this by asking the terminal (OSC 52); from now on all that only it can copy.
    CopyThroughTerminal(CopyRequest),
    /// Take a secret off the desktop's clipboard.
    ClearClipboard,
    /// Keep the screen in files, with all that is private covered.
    SaveScreen,
    /// Write a new file. Nothing that must be kept secret goes into one.
    Write {
        path: PathBuf,
        text: String,
    },
    Suspend,
    Quit,
}

/// One line about what just happened. It stays until the next key press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

impl Notice {
    /// A plain remark, such as why a key does nothing here.
    pub fn info(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Plain,
            text: text.into(),
        }
    }

    /// Something worked.
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
        }
    }

    /// Something to look at.
    pub fn warn(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warn,
            text: text.into(),
        }
    }

    /// Something failed.
    pub fn bad(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Bad,
            text: text.into(),
        }
    }
}
