//! From a key, or a form, to the plan that is to be confirmed.

use crate::app::message::{Effect, PlanRequest, Route};
use crate::app::screen::View;
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

/// Leads to the deletion of an app client.
pub fn delete_client(pool: &PoolId, client: &ClientId, view: &View) -> Effect {
    let client = ClientSummary {
        id: client.clone(),
        name: view.store.client_name(pool, client),
    };
    confirm(plan::delete_client(target(pool, view.store), &client))
}

/// Leads to the pool's deletion protection being switched the other way. `None` while it is not read.
pub fn protect(pool: &PoolId, view: &View) -> Option<Effect> {
    let pool = view.store.pool(pool).value()?;
    Some(confirm(plan::protect(
        pool,
        pool.deletion_protection != Some(true),
    )))
}

/// The keys of a form that leads to a plan.
pub const FORM_KEYS: &[Action] = &[
    Action::Submit,
    Action::NextField,
    Action::PrevField,
    Action::Toggle,
    Action::Left,
    Action::Right,
    Action::Down,
    Action::Up,
    Action::PageDown,
    Action::PageUp,
];

/// What they do there, in the footer.
pub fn form_word(action: Action) -> &'static str {
    match action {
        Action::Submit => "see the plan",
        other => other.word(),
    }
}

/// How a list of typed rows gets one more, in a key that is no text there.
pub fn one_more_row(view: &View) -> String {
    let down = view.keys.label_in_text(Action::Down);
    down.map_or_else(String::new, |down| {
        format!("{down} past the last row takes one more")
    })
}

/// What a form says when it is left with something in it that was changed and not written.
pub fn unsaved(changed: bool) -> Option<String> {
    changed.then(|| "What you filled in is not written: press again to drop it".to_owned())
}

/// The same of what is sent and not written.
pub fn unsaved_reason(changed: bool) -> Option<String> {
    changed.then(|| "What you filled in was not sent: press again to drop it".to_owned())
}

/// Shows a plan, to be confirmed.
pub fn confirm(plan: Plan) -> Effect {
    Effect::Open(Route::Plan(PlanRequest { plan }))
}
