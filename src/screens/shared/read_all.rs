//! The choice to read all app clients of a large pool, and how long that takes.

use crate::app::message::Effect;
use crate::app::screen::View;
use crate::app::screen::rows::ActionRow;
use crate::app::store::{DetailKind, ReadAll};
use crate::domain::ids::PoolId;
use crate::domain::pace::{self, ASK_ABOVE};
use crate::input::Action;

/// That clients of a large pool are not read, what reads them, and how long it takes. `None` where all are read, or are without being
/// asked for, or may not be.
pub fn offer(pool: &PoolId, view: &View) -> Option<String> {
    let left = left(pool, view)?;
    let all = view.store.clients(pool).partial().len();
    let (read, key) = (all.saturating_sub(left), view.keys.label(Action::ReadAll));
    // An endpoint on this machine has no rate.
    let takes = if view.session.is_free() {
        String::new()
    } else {
        format!(", {}", pace::about(left))
    };
    Some(match view.store.read_all(pool) {
        ReadAll::NotAsked => {
            format!("{left} of {all} app clients not read: {key} reads them{takes}")
        }
        ReadAll::On => format!("Reading app clients: {read} of {all}{takes} left: {key} pauses"),
        ReadAll::Paused => format!("Paused at {read} of {all} app clients: {key} goes on{takes}"),
    })
}

/// The same, unless it is being done.
pub fn held(pool: &PoolId, view: &View) -> Option<String> {
    let on = view.store.read_all(pool) == ReadAll::On;
    if on { None } else { offer(pool, view) }
}

/// The key of the choice, where there is one.
pub fn row<S: 'static>(pool: &PoolId, view: &View) -> Option<ActionRow<S>> {
    left(pool, view)?;
    let (word, on) = match view.store.read_all(pool) {
        ReadAll::NotAsked => ("read all", true),
        ReadAll::On => ("pause", false),
        ReadAll::Paused => ("go on", true),
    };
    let effect = Effect::ReadAll(pool.clone(), on);
    Some(ActionRow::ask(Action::ReadAll, effect).label(word))
}

/// How many clients of a large pool are not read.
fn left(pool: &PoolId, view: &View) -> Option<usize> {
    let store = view.store;
    let all = store.clients(pool).complete().ok()?.len();
    if all <= ASK_ABOVE || store.is_denied(pool, DetailKind::Client) {
        return None;
    }
    let left = all.saturating_sub(store.described(pool));
    (left > 0).then_some(left)
}
