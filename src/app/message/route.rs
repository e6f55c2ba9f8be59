//! Where a user can be, and what the screens there are about.

use super::{CopyRequest, PlanRequest, TokenId};
use crate::cognito::CodeRequest;
use crate::domain::client_rules::Setting;
use crate::domain::delivery::destination::DestinationKind;
use crate::domain::doctor::Fix;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::DesiredState;
use crate::domain::scope::ScopeName;
use crate::input::Action;

/// Where a user can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Pools,
    Pool(PoolId),
    Client(PoolId, ClientId),
    NewClient(PoolId),
    NewServer(PoolId),
    NewDomain(PoolId),
    EditClient(PoolId, ClientId),
    /// The same form with these fixes filled in, at the setting that the user chooses.
    FixClient(PoolId, ClientId, Vec<Fix>, Setting),
    /// A resource server, by its identifier.
    EditServer(PoolId, String),
    /// A domain, by its prefix or its full name.
    EditDomain(PoolId, String),
    /// Who is concerned when it is deleted, before it is.
    Delete(DeleteTarget),
    /// The rotation of a client's secret.
    Rotate(PoolId, ClientId),
    Token(PoolId, ClientId),
    /// One token of this session, wherever it came from.
    TokenDetails(TokenId),
    /// All tokens of this session.
    TokenHistory,
    /// A box to paste a token into.
    PasteToken,
    /// An API, to be called with a token.
    ApiCall(TokenId),
    /// What is wrong in a pool, or with one client of it.
    Doctor(PoolId, Option<ClientId>),
    /// The menu of fixes of a finding.
    FixMenu(Vec<FixOption>),
    /// App clients against scopes.
    ScopeMap(PoolId),
    /// One line of that.
    Access(PoolId, AccessQuestion),
    Copy(CopyMenu),
    /// Where to deliver a client's credentials.
    Deliver(CopyRequest, DestinationKind),
    Plan(PlanRequest),
    /// Whether a secret may go through the terminal.
    Osc52Prompt(CopyRequest),
    /// The code of an MFA device.
    MfaCode(CodeRequest),
    /// A client, or the pool's whole set-up, written down as code.
    Export(PoolId, Option<ClientId>),
    /// The choice of a preset.
    Presets(SetupOrigin),
    /// The questions of a preset, by its name.
    PresetForm(String, SetupOrigin),
    /// What a set-up would do, or its taking down.
    SetupPlan(Box<SetupTarget>),
    /// What a set-up led to.
    SetupResult(SetupOutcome),
    /// The keys of a screen, each with the reason why it does nothing now.
    Help(Vec<(Action, Option<String>)>),
}

impl Route {
    /// The user pool that a screen is in, or about; `None` where that is no one pool.
    pub fn pool(&self) -> Option<&PoolId> {
        match self {
            Self::Pool(pool)
            | Self::Client(pool, _)
            | Self::NewClient(pool)
            | Self::NewServer(pool)
            | Self::NewDomain(pool)
            | Self::EditClient(pool, _)
            | Self::FixClient(pool, ..)
            | Self::EditServer(pool, _)
            | Self::EditDomain(pool, _)
            | Self::Rotate(pool, _)
            | Self::Token(pool, _)
            | Self::Doctor(pool, _)
            | Self::ScopeMap(pool)
            | Self::Access(pool, _)
            | Self::Export(pool, _) => Some(pool),
            Self::Delete(subject) => Some(subject.pool()),
            Self::SetupResult(ready) => Some(&ready.pool),
            Self::Plan(change) => change.plan.pool.id.as_ref(),
            Self::Presets(origin) | Self::PresetForm(_, origin) => origin.within(),
            Self::SetupPlan(aim) => aim.within.as_ref(),
            // A menu is about what is below it; the others are of no pool.
            Self::Copy(_)
            | Self::Deliver(..)
            | Self::FixMenu(_)
            | Self::Osc52Prompt(_)
            | Self::MfaCode(_)
            | Self::Pools
            | Self::TokenDetails(_)
            | Self::TokenHistory
            | Self::PasteToken
            | Self::ApiCall(_)
            | Self::Help(_) => None,
        }
    }
}

/// Where the user started a set-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupOrigin {
    /// On no pool.
    Global,
    /// On this pool in a list of them: it is meant, but by a preset that brings its own.
    PoolRow(PoolId),
    /// In this pool.
    Pool(PoolId),
}

impl SetupOrigin {
    /// The pool that is set up, where the preset's own is not.
    pub fn pool(&self, brings_its_own: bool) -> Option<&PoolId> {
        match self {
            Self::PoolRow(pool) if !brings_its_own => Some(pool),
            Self::Pool(pool) => Some(pool),
            Self::PoolRow(_) | Self::Global => None,
        }
    }

    /// The pool in which it was started.
    pub fn within(&self) -> Option<&PoolId> {
        match self {
            Self::Pool(pool) => Some(pool),
            Self::PoolRow(_) | Self::Global => None,
        }
    }
}

/// One of several ways, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixOption {
    pub label: String,
    pub route: Route,
}

/// What is asked about access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessQuestion {
    /// Who can use this scope.
    OfScope(ScopeName),
    /// The scopes of this resource server, by its identifier.
    OfServer(String),
    /// What this client can call.
    OfClient(ClientId),
}

/// What is worth a look around before it is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeleteTarget {
    Pool(PoolId),
    /// A resource server, by its identifier.
    Server(PoolId, String),
    /// A scope by its server's identifier and its own name.
    Scope(PoolId, String, String),
    /// A domain, by its prefix or its full name.
    Domain(PoolId, String),
}

impl DeleteTarget {
    /// The user pool that it is, or is in.
    pub fn pool(&self) -> &PoolId {
        match self {
            Self::Pool(pool)
            | Self::Server(pool, _)
            | Self::Scope(pool, ..)
            | Self::Domain(pool, _) => pool,
        }
    }
}

/// What a copy menu is opened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyMenu {
    Pool(PoolId),
    /// A resource server, by its identifier, or one of its scopes.
    Server(PoolId, String, Option<ScopeName>),
    /// A domain, by its prefix or its full name.
    Domain(PoolId, String),
    Client(PoolId, ClientId),
    Token(TokenId),
    ScopeMap(PoolId),
    /// A text that is at hand, in the words of the menu and of the notice.
    Text {
        label: String,
        what: String,
        text: String,
    },
    /// One menu, then the other.
    Both(Box<CopyMenu>, Box<CopyMenu>),
}

impl CopyMenu {
    /// The same with more to copy.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self::Both(Box::new(self), Box::new(more))
    }
}

/// What a set-up is to lead to, or what it led to and is now to be taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupTarget {
    pub desired: DesiredState,
    pub take_down: bool,
    /// The pool in which the user began, where it was in one.
    pub within: Option<PoolId>,
}

/// An app client that is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupOutcome {
    pub pool: PoolId,
    pub client: ClientId,
    /// The client was made just now: its secret was not shown yet.
    pub made: bool,
    /// Whether the user began in the pool, so that the way back leads there.
    pub within: bool,
}
