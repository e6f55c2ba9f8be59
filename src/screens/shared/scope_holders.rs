//! The clients that hold deleted scopes. Only the settings of each client tell, so all are read.

use crate::app::message::Query;
use crate::app::query::load::{Load, PagedList};
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::PoolId;
use crate::domain::scope::ScopeName;
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::format::counted;
use crate::screens::shared::read_all;
use crate::ui::properties::spinner;

/// The progress of the search.
pub struct AffectedClients {
    /// The clients with one of the scopes, among those read.
    pub found: Vec<AppClient>,
    read: usize,
    /// Clients whose settings failed.
    failed: usize,
    /// `None` while the list is incomplete.
    all: Option<usize>,
    /// That the others are not read unless the user asks for them.
    held: Option<String>,
}

impl AffectedClients {
    /// The clients of `pool` with `scopes`.
    pub fn of(pool: &PoolId, scopes: &[ScopeName], view: &View) -> Self {
        let list = view.store.clients(pool);
        let awaited = view.store.is_awaited(&Query::Clients(pool.clone()));
        let denied = view.store.is_denied(pool, DetailKind::Client);
        let mut holders = Self {
            found: Vec::new(),
            read: 0,
            failed: 0,
            held: read_all::held(pool, view),
            all: match list.value() {
                // Stale lists may be incomplete.
                _ if awaited => None,
                Some(_) if list.complete().is_ok() || is_broken(list) => Some(list.partial().len()),
                Some(_) => None,
                // The list failed.
                None => list.error().map(|_| 0),
            },
        };
        for summary in list.partial() {
            let load = view.store.client(pool, &summary.id);
            if !view.store.is_fresh(pool, &summary.id, DetailKind::Client) || load.is_stale() {
                let query = Query::Client(pool.clone(), summary.id.clone());
                let in_flight = view.store.is_in_flight(&query);
                if in_flight || view.store.wants(&query) && !denied {
                    continue;
                }
            }
            match load {
                Load::Ready(client) => {
                    holders.read += 1;
                    let held = &client.settings.scopes;
                    if held.iter().any(|scope| scopes.contains(scope)) {
                        holders.found.push(client.clone());
                    }
                }
                // Stale settings may have changed.
                _ => holders.failed += 1,
            }
        }
        if !awaited && is_broken(list) {
            holders.failed += 1;
        }
        holders
    }

    /// Whether the user has to ask for the clients that are not read.
    pub fn is_held(&self) -> bool {
        !self.is_over() && self.held.is_some()
    }

    /// Whether the search is over.
    pub fn is_over(&self) -> bool {
        self.all.is_some_and(|all| self.read + self.failed >= all)
    }

    /// That no client has `them`, among those read; `None` if one has, or none was read.
    pub fn no_holders_text(&self, them: &str) -> Option<String> {
        let unread = self.failed + usize::from(self.is_held());
        match (self.found.is_empty(), self.read, unread) {
            (true, _, 0) => Some(format!("No app client has {them}.")),
            (false, ..) | (true, 0, _) => None,
            (true, read, _) => Some(format!(
                "None of the {} that could be read has {them}.",
                counted(read, "app client")
            )),
        }
    }

    /// The progress, while it is running.
    pub fn progress(&self, view: &View) -> Option<String> {
        if self.is_over() {
            return None;
        }
        if self.held.is_some() {
            return self.held.clone();
        }
        let picture = spinner(view.spinner);
        Some(match self.all {
            Some(all) => format!(
                "{picture} checking app clients: {} of {all}",
                self.read + self.failed
            ),
            None => format!("{picture} loading app clients"),
        })
    }

    /// What could not be read, when the search is over.
    pub fn unread(&self, pool: &PoolId, view: &View) -> Option<String> {
        let list = view.store.clients(pool);
        if is_broken(list) {
            let words = if list.value().is_some() {
                "The app client list is incomplete: other clients may have them."
            } else {
                "The app clients could not be read: any of them may have them."
            };
            return Some(words.to_owned());
        }
        if let Some(all) = self.all.filter(|_| self.is_held()) {
            let left = all.saturating_sub(self.read);
            let clients = counted(left, "app client");
            return Some(format!(
                "The settings of {clients} are not read: they may have them."
            ));
        }
        let count = match self.failed {
            0 => return None,
            1 => "1 app client".to_owned(),
            count => format!("{count} app clients"),
        };
        Some(format!(
            "The settings of {count} could not be read: they may have them."
        ))
    }
}

/// Whether the list failed, is incomplete or is stale.
fn is_broken(list: &Load<PagedList<ClientSummary>>) -> bool {
    list.error().is_some() || list.is_stale()
}

/// The queries of the search, besides the details.
pub fn needs(pool: &PoolId) -> [Query; 2] {
    [
        Query::Clients(pool.clone()),
        Query::ResourceServers(pool.clone()),
    ]
}

/// The details to query next.
pub fn details(asking: &mut DetailLoader, pool: &PoolId, view: &View, room: usize) -> Vec<Query> {
    asking.next(pool, view, &[], room)
}
