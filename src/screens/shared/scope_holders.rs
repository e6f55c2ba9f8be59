//! Who holds scopes that are about to go. Only the clients' own settings tell, so all of them are read.

use crate::app::message::Query;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::app::store::load::{Load, PagedList};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::PoolId;
use crate::domain::scope::ScopeName;
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::format::counted;
use crate::ui::properties::spinner;

/// How far the search for the holders has come.
pub struct AffectedClients {
    /// The clients that list one of the scopes, as far as they are read.
    pub found: Vec<AppClient>,
    read: usize,
    /// Clients whose settings will not come.
    failed: usize,
    /// `None` while not even the list is whole.
    all: Option<usize>,
}

impl AffectedClients {
    /// Those of `scopes` in `pool`.
    pub fn of(pool: &PoolId, scopes: &[ScopeName], view: &View) -> Self {
        let list = view.store.clients(pool);
        let awaited = view.store.is_awaited(&Query::Clients(pool.clone()));
        let denied = view.store.is_denied(pool, DetailKind::Client);
        let mut holders = Self {
            found: Vec::new(),
            read: 0,
            failed: 0,
            all: match list.value() {
                // What was seen before may not be all by now.
                _ if awaited => None,
                Some(_) if list.complete().is_ok() || is_broken(list) => Some(list.partial().len()),
                Some(_) => None,
                // The list itself will not come.
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
                // What could not be read again may be otherwise by now.
                _ => holders.failed += 1,
            }
        }
        if !awaited && is_broken(list) {
            holders.failed += 1;
        }
        holders
    }

    /// Whether no more is to come.
    pub fn is_over(&self) -> bool {
        self.all.is_some_and(|all| self.read + self.failed >= all)
    }

    /// That nobody holds `them`, as far as that can be said once it is over; `None` where somebody does, or no client was read.
    pub fn no_holders_text(&self, them: &str) -> Option<String> {
        match (self.found.is_empty(), self.read, self.failed) {
            (true, _, 0) => Some(format!("No app client holds {them}.")),
            (false, ..) | (true, 0, _) => None,
            (true, read, _) => Some(format!(
                "None of the {} that could be read holds {them}.",
                counted(read, "app client")
            )),
        }
    }

    /// How far it has come, while it is under way.
    pub fn progress(&self, view: &View) -> Option<String> {
        if self.is_over() {
            return None;
        }
        let picture = spinner(view.spinner);
        Some(match self.all {
            Some(all) => format!(
                "{picture} reading who holds them: {} of {all} app clients",
                self.read + self.failed
            ),
            None => format!("{picture} reading the list of app clients"),
        })
    }

    /// What could not be read, once it is over.
    pub fn unread(&self, pool: &PoolId, view: &View) -> Option<String> {
        let list = view.store.clients(pool);
        if is_broken(list) {
            let words = if list.value().is_some() {
                "The list of app clients could not be read to its end: who else holds them is not known."
            } else {
                "The app clients could not be read: who holds them is not known."
            };
            return Some(words.to_owned());
        }
        let count = match self.failed {
            0 => return None,
            1 => "1 app client".to_owned(),
            count => format!("{count} app clients"),
        };
        Some(format!(
            "The settings of {count} could not be read: whether they hold them is not known."
        ))
    }
}

/// Whether the list did not come, or not to its end, or not anew.
fn is_broken(list: &Load<PagedList<ClientSummary>>) -> bool {
    list.error().is_some() || list.is_stale()
}

/// What the search needs besides the details.
pub fn needs(pool: &PoolId) -> [Query; 2] {
    [
        Query::Clients(pool.clone()),
        Query::ResourceServers(pool.clone()),
    ]
}

/// The details to ask for next.
pub fn details(asking: &mut DetailLoader, pool: &PoolId, view: &View, room: usize) -> Vec<Query> {
    asking.next(pool, view, &[], room)
}
