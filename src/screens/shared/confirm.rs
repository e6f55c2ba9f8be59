//! From a key or a form to the plan to confirm.

use crate::app::message::{Effect, PlanRequest, Route};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows};
use crate::app::store::Store;
use crate::domain::client::ClientSummary;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{self, Plan, Target};
use crate::input::Action;

/// The pool that a plan is for.
pub fn target(pool: &PoolId, store: &Store) -> Target {
    Target {
        id: Some(pool.clone()),
        name: store.pool_name(pool),
    }
}

/// Opens the deletion of an app client.
pub fn delete_client(pool: &PoolId, client: &ClientId, view: &View) -> Effect {
    let client = ClientSummary {
        id: client.clone(),
        name: view.store.client_name(pool, client),
    };
    confirm(plan::delete_client(target(pool, view.store), &client))
}

/// Plans to toggle the pool's deletion protection. `None` while it is not read.
pub fn protect(pool: &PoolId, view: &View) -> Option<Effect> {
    let pool = view.store.pool(pool).value()?;
    Some(confirm(plan::protect(
        pool,
        pool.deletion_protection != Some(true),
    )))
}

/// The rows of a form that makes a plan: it shows the plan, and moves through the fields.
pub fn form_rows<S: 'static>(
    submit: ActionRow<S>,
    act: impl Fn(&mut S, Action, &View) + Copy + 'static,
) -> ActionRows<S> {
    use Action::{Down, Left, NextField, PageDown, PageUp, PrevField, Right, Toggle, Up};
    let moving = &[
        NextField, PrevField, Toggle, Left, Right, Down, Up, PageDown, PageUp,
    ];
    ActionRows::default()
        .with(submit.label("plan"))
        .each(moving, move |screen, action, view| {
            act(screen, action, view);
            Vec::new()
        })
}

/// How to add a row to a list of typed rows, with a key that a text field does not take.
pub fn one_more_row(view: &View) -> String {
    let down = view.keys.label_in_text(Action::Down);
    down.map_or_else(String::new, |down| format!("{down} adds a row"))
}

/// Why leaving a form with changes asks first.
pub fn unsaved(changed: bool) -> Option<String> {
    changed.then(|| "Unsaved changes; press again to discard".to_owned())
}

/// The same for a form whose content is sent, not written.
pub fn unsaved_reason(changed: bool) -> Option<String> {
    changed.then(|| "Not sent; press again to discard".to_owned())
}

/// Shows a plan to confirm.
pub fn confirm(plan: Plan) -> Effect {
    Effect::Open(Route::Plan(PlanRequest { plan }))
}
