//! Where a user can be, and what the screens there are about.

use super::{Change, CopyRequest, TokenId};
use crate::domain::delivery::destination::Place;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::Wanted;
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
    /// A resource server, by its identifier.
    EditServer(PoolId, String),
    /// A domain, by its prefix or its full name.
    EditDomain(PoolId, String),
    /// Who is concerned when it is deleted, before it is.
    Remove(Subject),
    /// The rotation of a client's secret.
    Rotate(PoolId, ClientId),
    Token(PoolId, ClientId),
    /// One token of this session, wherever it came from.
    Held(TokenId),
    /// All tokens of this session.
    History,
    /// A box to paste a token into.
    Paste,
    /// An API, to be called with a token.
    Call(TokenId),
    /// What is wrong in a pool, or with one client of it.
    Doctor(PoolId, Option<ClientId>),
    /// The choice among ways to mend a finding.
    Ways(Vec<Way>),
    /// App clients against scopes.
    ScopeMap(PoolId),
    /// One line of that.
    WhoUses(PoolId, Access),
    Copy(CopyMenu),
    /// Where a client's credentials are to be handed over to.
    HandOver(CopyRequest, Place),
    Confirm(Change),
    /// Whether a secret may go through the terminal.
    Terminal(CopyRequest),
    /// A client, or the pool's whole set-up, written down as code.
    Export(PoolId, Option<ClientId>),
    /// The choice of a preset.
    SetUp(Begun),
    /// The questions of a preset, by its name.
    Answers(String, Begun),
    /// What a set-up would do, or its taking down.
    Aim(Box<Aim>),
    /// What a set-up led to.
    Ready(Ready),
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
            | Self::EditServer(pool, _)
            | Self::EditDomain(pool, _)
            | Self::Rotate(pool, _)
            | Self::Token(pool, _)
            | Self::Doctor(pool, _)
            | Self::ScopeMap(pool)
            | Self::WhoUses(pool, _)
            | Self::Export(pool, _) => Some(pool),
            Self::Remove(subject) => Some(subject.pool()),
            Self::Ready(ready) => Some(&ready.pool),
            Self::Confirm(change) => change.plan.pool.id.as_ref(),
            Self::SetUp(begun) | Self::Answers(_, begun) => begun.within(),
            Self::Aim(aim) => aim.within.as_ref(),
            // A menu is about what is below it; the others are of no pool.
            Self::Copy(_)
            | Self::HandOver(..)
            | Self::Ways(_)
            | Self::Terminal(_)
            | Self::Pools
            | Self::Held(_)
            | Self::History
            | Self::Paste
            | Self::Call(_)
            | Self::Help(_) => None,
        }
    }
}

/// Where a set-up was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// On no pool.
    Anywhere,
    /// On this pool in a list of them: it is meant, but by a preset that brings its own.
    On(PoolId),
    /// In this pool.
    In(PoolId),
}

impl Begun {
    /// The pool that is set up, where the preset's own is not.
    pub fn pool(&self, brings_its_own: bool) -> Option<&PoolId> {
        match self {
            Self::On(pool) if !brings_its_own => Some(pool),
            Self::In(pool) => Some(pool),
            Self::On(_) | Self::Anywhere => None,
        }
    }

    /// The pool that it was begun in.
    pub fn within(&self) -> Option<&PoolId> {
        match self {
            Self::In(pool) => Some(pool),
            Self::On(_) | Self::Anywhere => None,
        }
    }
}

/// One of several ways, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub words: &'static str,
    pub route: Route,
}

/// What is asked about access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Who can use this scope.
    OfScope(ScopeName),
    /// What this client can call.
    OfClient(ClientId),
}

/// What is worth a look around before it is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Pool(PoolId),
    /// A resource server, by its identifier.
    Server(PoolId, String),
    /// A scope by its server's identifier and its own name.
    Scope(PoolId, String, String),
    /// A domain, by its prefix or its full name.
    Domain(PoolId, String),
}

impl Subject {
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
}

/// What a set-up is to lead to, or what it led to and is now to be taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aim {
    pub wanted: Wanted,
    pub take_down: bool,
    /// The pool in which the user began, where it was in one.
    pub within: Option<PoolId>,
}

/// An app client that is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    pub pool: PoolId,
    pub client: ClientId,
    /// The client was made just now: nobody has seen its secret yet.
    pub made: bool,
    /// Whether the user began in the pool, so that the way back leads there.
    pub within: bool,
}
