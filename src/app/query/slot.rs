//! Stores the answer to one query.

use super::load::{Load, PagedList, Progress};
use crate::cognito::Error;
use crate::domain::pool::UserPool;
use crate::domain::time::Timestamp;

/// The stored answer to a query, and how it takes in a piece.
pub trait Slot: Default + Progress {
    /// What screens read.
    type Kept;
    /// What arrives.
    type Piece;

    fn load(&self) -> &Load<Self::Kept>;

    fn receive(&mut self, piece: Self::Piece, last: bool, at: Timestamp);
}

/// An answer that arrives in one piece.
impl<T> Slot for Load<T> {
    type Kept = T;
    type Piece = T;

    fn load(&self) -> &Self {
        self
    }

    fn receive(&mut self, piece: T, _last: bool, _at: Timestamp) {
        *self = Self::Ready(piece);
    }
}

/// A list that loads page by page.
pub struct Pages<T> {
    list: Load<PagedList<T>>,
    /// The pages of a refresh, until the last one arrives.
    incoming: Vec<T>,
}

impl<T> Pages<T> {
    /// Returns the list, for a change of its loaded rows.
    pub fn list_mut(&mut self) -> Option<&mut PagedList<T>> {
        match &mut self.list {
            Load::Ready(list) | Load::Stale(list) | Load::Partial(list, _) => Some(list),
            Load::Missing | Load::Loading | Load::Failed(_) => None,
        }
    }
}

impl<T> Slot for Pages<T> {
    type Kept = PagedList<T>;
    type Piece = Vec<T>;

    fn load(&self) -> &Load<PagedList<T>> {
        &self.list
    }

    fn receive(&mut self, page: Vec<T>, last: bool, at: Timestamp) {
        self.list.page(page, last, at, &mut self.incoming);
    }
}

impl<T> Progress for Pages<T> {
    fn begin(&mut self) {
        self.incoming = Vec::new();
        self.list.begin();
    }

    fn cancel(&mut self) {
        self.incoming = Vec::new();
        self.list.cancel();
    }

    fn fail(&mut self, error: Error) {
        self.incoming = Vec::new();
        self.list.break_off(error);
    }
}

/// A pool, and its token endpoint for this connection.
#[derive(Clone, Debug)]
pub struct PoolAnswer {
    pub pool: UserPool,
    /// `None` if the pool has no domain.
    pub token_endpoint: Option<String>,
}

/// The stored [`PoolAnswer`].
#[derive(Default)]
pub struct Pool {
    pool: Load<UserPool>,
    token_endpoint: Option<String>,
}

impl Pool {
    /// Returns the pool's token endpoint for this connection.
    pub fn token_endpoint(&self) -> Option<&str> {
        self.token_endpoint.as_deref()
    }
}

impl Slot for Pool {
    type Kept = UserPool;
    type Piece = PoolAnswer;

    fn load(&self) -> &Load<UserPool> {
        &self.pool
    }

    fn receive(&mut self, answer: PoolAnswer, _last: bool, _at: Timestamp) {
        self.pool = Load::Ready(answer.pool);
        self.token_endpoint = answer.token_endpoint;
    }
}

impl Progress for Pool {
    fn begin(&mut self) {
        self.pool.begin();
    }

    fn cancel(&mut self) {
        self.pool.cancel();
    }

    fn fail(&mut self, error: Error) {
        self.pool.fail(error);
    }
}

// Derived, it would require `Default` of `T`.
impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            list: Load::Missing,
            incoming: Vec::new(),
        }
    }
}
