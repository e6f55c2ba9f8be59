//! What the bottom line says of keys and of what they did. Keys are named as they are bound.

use super::message::{Notice, PlanOutcome, Route};
use crate::cognito::{Error, ErrorKind};
use crate::domain::plan::Step;
use crate::input::{Action, Key, KeyMap};

/// A key that means nothing anywhere.
pub(super) fn unbound(key: &Key, typing: bool, keys: &KeyMap) -> Notice {
    let help = help(keys, typing, "shows the keys that work here");
    Notice::info(format!("{key} does nothing{}", after(" · ", &help)))
}

/// A key of another screen: why it does nothing here, and the way to where it does something. `typing`: letters are text here.
pub(super) fn not_here(action: Action, here: &Route, typing: bool, keys: &KeyMap) -> Notice {
    let (label, word) = (keys.label(action), action.word());
    let (why, way) = reason(action);
    let way = match way {
        // Only there is it one key to a pool.
        HowToReach::InPool(does) if *here == Route::Pools && !typing => {
            how_to_reach(keys, &[(Action::Enter, "opens the pool"), (action, does)])
        }
        HowToReach::By(key, does) if !typing => how_to_reach(keys, &[(key, does)]),
        _ => help(keys, typing, "shows what does"),
    };
    Notice::info(format!(
        "{label} ({word}) does nothing here: {why}{}",
        after(" · ", &way)
    ))
}

/// How to come to where a key does something.
enum HowToReach {
    /// In a user pool, where it does this.
    InPool(&'static str),
    /// By this key.
    By(Action, &'static str),
    None,
}

/// Why an action does nothing on a screen that has it not.
fn reason(action: Action) -> (&'static str, HowToReach) {
    use Action as A;
    match action {
        A::New => (
            "new things are made in a user pool",
            HowToReach::InPool("makes an app client in it"),
        ),
        A::Token => (
            "a token is an app client's",
            HowToReach::InPool("on one of its app clients"),
        ),
        A::Reveal | A::Rotate => (
            "a secret is an app client's",
            HowToReach::InPool("on one of its app clients"),
        ),
        A::WhoUses => (
            "it is asked of a scope or an app client",
            HowToReach::InPool("on one of its app clients"),
        ),
        A::Edit => (
            "nothing is selected that could be changed",
            HowToReach::None,
        ),
        A::Delete => (
            "nothing is selected that could be deleted",
            HowToReach::None,
        ),
        A::Copy => ("there is nothing to copy", HowToReach::None),
        A::Call => (
            "an API is called with a token",
            HowToReach::By(A::History, "shows the tokens of this session"),
        ),
        A::Wire => (
            "it shows how a token was asked for",
            HowToReach::By(A::History, "shows the tokens of this session"),
        ),
        A::SetUp => (
            "a set-up begins at the user pools, or in one",
            HowToReach::None,
        ),
        A::TakeDown => ("it turns the plan of a set-up round", HowToReach::None),
        A::Doctor => (
            "the doctor looks at a user pool or an app client",
            HowToReach::None,
        ),
        A::ScopeMap => ("the scope map is a user pool's", HowToReach::None),
        A::Export => (
            "a user pool or an app client is written down",
            HowToReach::None,
        ),
        A::Fix => (
            "it mends what the doctor finds",
            HowToReach::InPool("on a finding of the doctor's"),
        ),
        A::Save => ("it writes what an export shows to a file", HowToReach::None),
        A::Filter | A::Sort => ("there is no list", HowToReach::None),
        A::NextTab
        | A::PrevTab
        | A::Tab1
        | A::Tab2
        | A::Tab3
        | A::Tab4
        | A::Tab5
        | A::Tab6
        | A::Tab7
        | A::Tab8
        | A::Tab9 => ("there are no tabs", HowToReach::None),
        A::Down | A::Up | A::First | A::Last | A::PageDown | A::PageUp => {
            ("there is nothing to move through", HowToReach::None)
        }
        A::Left | A::Right => ("there is nothing at the sides", HowToReach::None),
        A::ScrollDown | A::ScrollUp => ("there is no text beside a list", HowToReach::None),
        A::Enter => ("nothing is selected that could be opened", HowToReach::None),
        A::NextField | A::PrevField | A::Toggle | A::Submit => {
            ("there is no form", HowToReach::None)
        }
        // These work everywhere.
        A::Back
        | A::Refresh
        | A::Privacy
        | A::Paste
        | A::History
        | A::Help
        | A::Quit
        | A::ForceQuit
        | A::SaveScreen
        | A::Suspend => ("it is done elsewhere", HowToReach::None),
    }
}

/// A letter in a form, in a field that takes none.
pub(super) fn no_text(keys: &KeyMap) -> Notice {
    let ways = how_to_reach(
        keys,
        &[
            (Action::Toggle, "and the arrows choose"),
            (Action::NextField, "goes on"),
        ],
    );
    Notice::info(format!("This field takes no text{}", after(": ", &ways)))
}

/// Going back where there is no way back.
pub(super) fn first_screen(keys: &KeyMap) -> Notice {
    let quit = how_to_reach(keys, &[(Action::Quit, "quits")]);
    Notice::info(format!("This is the first screen{}", after(" · ", &quit)))
}

/// A client was made.
pub(super) fn created(name: &str, keys: &KeyMap) -> Notice {
    let ways = how_to_reach(
        keys,
        &[(Action::Reveal, "reveals"), (Action::Copy, "copies")],
    );
    let secret = after(" · its secret is one key away: ", &ways);
    Notice::good(format!("Created {name}{secret}"))
}

/// A plan of so many steps was carried out, this the last of them.
pub(super) fn done(steps: usize, last: &Step) -> Notice {
    let last = last.sentence();
    Notice::good(match steps {
        0 | 1 => format!("Done: {last}"),
        all => format!("Done, all {all} steps, the last: {last}"),
    })
}

/// A step that failed, or was overwritten; briefly, where its plan is in sight.
pub(super) fn not_done(step: &str, error: &Error, in_sight: bool) -> Notice {
    Notice::bad(match &error.kind {
        ErrorKind::Overwritten(_) if in_sight => {
            format!("Somebody overwrote it: {}", error.detail)
        }
        ErrorKind::Overwritten(_) => format!("Somebody overwrote it: {step}: {}", error.detail),
        kind if in_sight => format!("{step} failed: {}", kind.label()),
        _ => format!("{step} failed: {}", error.one_line()),
    })
}

/// What of a plan that was carried out is not as plain as "done": it could not be seen to be, or somebody else was at it as well.
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
        "Done: {} · somebody else changed it meanwhile, and that was kept: {}",
        sentence(*at),
        theirs.join(", ")
    )))
}

/// What a paste lost, where that changes what it says: every field is one line.
pub(super) fn pasted(text: &str) -> Option<Notice> {
    let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
    let count = lines.count();
    (count > 1).then(|| {
        Notice::warn(format!(
            "The {count} lines that were pasted are one now: a field holds one line"
        ))
    })
}

/// The way to the help, which in a text field is none where its key would be typed.
fn help(keys: &KeyMap, typing: bool, does: &str) -> String {
    if typing {
        let label = keys.label_in_text(Action::Help);
        return label.map_or_else(String::new, |label| format!("{label} {does}"));
    }
    how_to_reach(keys, &[(Action::Help, does)])
}

/// `x reveals, y copies`, without what has no key.
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
        let own = keys(&[("quit", &["ctrl-q"]), ("reveal", &["s"]), ("help", &["f1"])]);
        assert_eq!(
            first_screen(&own).text,
            "This is the first screen · ctrl-q quits"
        );
        assert_eq!(
            created("web", &own).text,
            "Created web · its secret is one key away: s reveals, y copies"
        );
        assert_eq!(
            not_here(Action::Token, &Route::Pools, false, &own).text,
            "t (token) does nothing here: a token is an app client's · enter opens the pool, t on one of its app clients"
        );
        assert_eq!(
            not_here(Action::New, &Route::TokenHistory, false, &own).text,
            "n (new) does nothing here: new things are made in a user pool · f1 shows what does"
        );
        // What would be typed is not promised.
        let at_home = keys(&[]);
        assert_eq!(
            not_here(Action::New, &Route::Pools, true, &at_home).text,
            "n (new) does nothing here: new things are made in a user pool"
        );
        assert_eq!(
            not_here(Action::New, &Route::Pools, true, &own).text,
            "n (new) does nothing here: new things are made in a user pool · f1 shows what does"
        );
        let none = keys(&[("quit", &[]), ("reveal", &[]), ("copy", &[])]);
        assert_eq!(first_screen(&none).text, "This is the first screen");
        assert_eq!(created("web", &none).text, "Created web");
    }

    #[test]
    fn only_a_paste_of_several_lines_is_remarked_upon() {
        assert_eq!(pasted("one\r\n"), None);
        let notice = pasted("one\r\ntwo\nthree").expect("a remark");
        assert!(notice.text.starts_with("The 3 lines"), "{}", notice.text);
    }
}
