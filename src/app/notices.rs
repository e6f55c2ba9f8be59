//! The notices of keys and their results, with the user's keys.

use super::message::{Notice, PlanOutcome, Route};
use crate::cognito::{Error, ErrorKind};
use crate::domain::plan::Step;
use crate::input::{Action, Key, KeyMap};

/// Returns the notice for an unbound key.
pub(super) fn unbound(key: &Key, typing: bool, keys: &KeyMap) -> Notice {
    let help = help(keys, typing, "for help");
    Notice::info(format!("{key} does nothing{}", after(" · ", &help)))
}

/// Returns the notice for another screen's key: why it does nothing here, and where it works. `typing`: letters are text here.
pub(super) fn not_here(action: Action, here: &Route, typing: bool, keys: &KeyMap) -> Notice {
    let (label, word) = (keys.label(action), action.word());
    let (why, way) = reason(action);
    let way = match way {
        // From there, one key opens a pool.
        HowToReach::InPool(does) if *here == Route::Pools && !typing => {
            how_to_reach(keys, &[(Action::Enter, "opens the pool"), (action, does)])
        }
        HowToReach::By(key, does) if !typing => how_to_reach(keys, &[(key, does)]),
        _ => help(keys, typing, "for help"),
    };
    Notice::info(format!(
        "{label} ({word}) does nothing here: {why}{}",
        after(" · ", &way)
    ))
}

/// How to get to where a key works.
enum HowToReach {
    /// In a user pool, where the key does this.
    InPool(&'static str),
    /// With this key.
    By(Action, &'static str),
    None,
}

/// Returns why a screen does not have an action, and where it works.
fn reason(action: Action) -> (&'static str, HowToReach) {
    use Action as A;
    match action {
        A::New => (
            "resources are created in a user pool",
            HowToReach::InPool("creates an app client"),
        ),
        A::Token => (
            "tokens belong to app clients",
            HowToReach::InPool("on one of its app clients"),
        ),
        A::Reveal | A::Rotate => (
            "secrets belong to app clients",
            HowToReach::InPool("on one of its app clients"),
        ),
        A::WhoUses => (
            "it needs a scope or an app client",
            HowToReach::InPool("on one of its app clients"),
        ),
        A::Edit => ("nothing to edit is selected", HowToReach::None),
        A::Delete => ("nothing to delete is selected", HowToReach::None),
        A::Copy => ("nothing to copy", HowToReach::None),
        A::CopySecret => (
            "it works in the copy menu",
            HowToReach::By(A::Copy, "opens it"),
        ),
        A::Call => (
            "it needs a token",
            HowToReach::By(A::History, "shows the tokens of this session"),
        ),
        A::Wire => (
            "it shows a token's HTTP exchange",
            HowToReach::By(A::History, "shows the tokens of this session"),
        ),
        A::SetUp => ("it works on user pools", HowToReach::None),
        A::TakeDown => ("it works on a set-up plan", HowToReach::None),
        A::Doctor | A::Export => ("it works on a user pool or an app client", HowToReach::None),
        A::ScopeMap => ("it works on a user pool", HowToReach::None),
        A::Fix => (
            "it works on findings of the doctor and on tokens",
            HowToReach::InPool("on a finding"),
        ),
        A::ReadAll => (
            "it works where app clients are left unread: in a pool with more than 200",
            HowToReach::None,
        ),
        A::Save => ("it works on an export", HowToReach::None),
        A::Filter | A::Sort => ("no list", HowToReach::None),
        A::NextTab | A::PrevTab | A::Tab => ("no tabs", HowToReach::None),
        A::Down | A::Up | A::First | A::Last | A::PageDown | A::PageUp => {
            ("nothing to move to", HowToReach::None)
        }
        A::Left | A::Right | A::ScrollDown | A::ScrollUp => ("nothing to scroll", HowToReach::None),
        A::Enter => ("nothing to open is selected", HowToReach::None),
        A::NextField | A::PrevField | A::Toggle | A::Submit => ("no form", HowToReach::None),
        // These work everywhere.
        A::Back
        | A::Refresh
        | A::Privacy
        | A::LogIn
        | A::Paste
        | A::History
        | A::Help
        | A::Quit
        | A::ForceQuit
        | A::SaveScreen
        | A::Suspend => ("it works on another screen", HowToReach::None),
    }
}

/// Returns the notice for a letter in a form field that takes no text.
pub(super) fn no_text(keys: &KeyMap) -> Notice {
    let ways = how_to_reach(
        keys,
        &[
            (Action::Toggle, "and arrows choose"),
            (Action::NextField, "for the next field"),
        ],
    );
    Notice::info(format!("This field takes no text{}", after(": ", &ways)))
}

/// Returns the notice for going back on the first screen.
pub(super) fn first_screen(keys: &KeyMap) -> Notice {
    let quit = how_to_reach(keys, &[(Action::Quit, "quits")]);
    Notice::info(format!("This is the first screen{}", after(" · ", &quit)))
}

/// Returns the notice that a client was created.
pub(super) fn created(name: &str, keys: &KeyMap) -> Notice {
    let ways = how_to_reach(
        keys,
        &[(Action::Reveal, "reveals"), (Action::Copy, "copies")],
    );
    let secret = after(" · secret: ", &ways);
    Notice::good(format!("Created {name}{secret}"))
}

/// Returns the notice that a plan was applied.
pub(super) fn done(steps: usize, last: &Step) -> Notice {
    let last = last.sentence();
    Notice::good(match steps {
        0 | 1 => format!("Done: {last}"),
        all => format!("{all} steps applied; last: {last}"),
    })
}

/// Returns the notice of a step that failed or was overwritten; short if its plan is visible.
pub(super) fn not_done(step: &str, error: &Error, in_sight: bool) -> Notice {
    Notice::bad(match &error.kind {
        ErrorKind::Overwritten(_) if in_sight => {
            format!("Overwritten in AWS: {}", error.detail)
        }
        ErrorKind::Overwritten(_) => format!("Overwritten in AWS: {step}: {}", error.detail),
        kind if in_sight => format!("{step} failed: {}", kind.label()),
        _ => format!("{step} failed: {}", error.one_line()),
    })
}

/// Returns the notice of steps of an applied plan that are unconfirmed, or that kept another writer's changes.
pub(super) fn unconfirmed_steps(steps: &[Step], done: &PlanOutcome) -> Option<Notice> {
    let sentence = |at: usize| steps.get(at).map(Step::sentence).unwrap_or_default();
    if let Some((at, error)) = done.unconfirmed.last() {
        let step = sentence(*at);
        return Some(Notice::warn(format!(
            "Written, not confirmed: {step} · {}",
            error.one_line()
        )));
    }
    let (at, theirs) = done.kept.last()?;
    let theirs: Vec<String> = theirs.iter().map(ToString::to_string).collect();
    Some(Notice::warn(format!(
        "Done: {} · kept changes made meanwhile: {}",
        sentence(*at),
        theirs.join(", ")
    )))
}

/// Returns the notice of a paste of several lines into a field of one line.
pub(super) fn pasted(text: &str) -> Option<Notice> {
    let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
    let count = lines.count();
    (count > 1).then(|| Notice::warn(format!("Pasted {count} lines as one line")))
}

/// Names the key of the help, unless a text field takes it.
fn help(keys: &KeyMap, typing: bool, does: &str) -> String {
    if typing {
        let label = keys.label_in_text(Action::Help);
        return label.map_or_else(String::new, |label| format!("{label} {does}"));
    }
    how_to_reach(keys, &[(Action::Help, does)])
}

/// Formats keys, such as `x reveals, y copies`, without unbound ones.
fn how_to_reach(keys: &KeyMap, ways: &[(Action, &str)]) -> String {
    let bound = ways
        .iter()
        .map(|(action, does)| (keys.label(*action), does))
        .filter(|(label, _)| !label.is_empty())
        .map(|(label, does)| format!("{label} {does}"));
    bound.collect::<Vec<_>>().join(", ")
}

fn after(before: &str, text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{before}{text}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn keys(own: &[(&str, &[&str])]) -> KeyMap {
        let own: BTreeMap<_, _> = own
            .iter()
            .map(|(action, keys)| {
                let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
                ((*action).to_owned(), keys)
            })
            .collect();
        KeyMap::with_overrides(&own).expect("valid")
    }

    #[test]
    fn keys_are_named_as_they_are_bound() {
        let own = keys(&[("quit", &["ctrl-q"]), ("reveal", &["X"]), ("help", &["f1"])]);
        assert_eq!(
            first_screen(&own).text,
            "This is the first screen · ctrl-q quits"
        );
        assert_eq!(
            created("web", &own).text,
            "Created web · secret: X reveals, y copies"
        );
        assert_eq!(
            not_here(Action::Token, &Route::Pools, false, &own).text,
            "t (token) does nothing here: tokens belong to app clients · enter opens the pool, t on one of its app clients"
        );
        assert_eq!(
            not_here(Action::New, &Route::TokenHistory, false, &own).text,
            "n (create) does nothing here: resources are created in a user pool · f1 for help"
        );
        // No hint names a key that would be typed.
        let at_home = keys(&[]);
        assert_eq!(
            not_here(Action::New, &Route::Pools, true, &at_home).text,
            "n (create) does nothing here: resources are created in a user pool"
        );
        assert_eq!(
            not_here(Action::New, &Route::Pools, true, &own).text,
            "n (create) does nothing here: resources are created in a user pool · f1 for help"
        );
        let none = keys(&[("quit", &[]), ("reveal", &[]), ("copy", &[])]);
        assert_eq!(first_screen(&none).text, "This is the first screen");
        assert_eq!(created("web", &none).text, "Created web");
    }

    #[test]
    fn only_a_paste_of_several_lines_is_remarked_upon() {
        assert_eq!(pasted("one\r\n"), None);
        let notice = pasted("one\r\ntwo\nthree").expect("a remark");
        assert!(notice.text.starts_with("Pasted 3 lines"), "{}", notice.text);
    }
}
