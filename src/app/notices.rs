//! What the bottom line says of keys and of what they did. Keys are named as they are bound.

use super::message::Notice;
use crate::input::{Action, Key, KeyMap};

/// A key that means nothing anywhere.
pub(super) fn unbound(key: &Key, typing: bool, keys: &KeyMap) -> Notice {
    let help = help(keys, typing, "shows the keys that work here");
    Notice::info(format!("{key} does nothing{}", after(" · ", &help)))
}

/// A key of another screen.
pub(super) fn not_here(action: Action, typing: bool, keys: &KeyMap) -> Notice {
    let help = help(keys, typing, "shows what does");
    let (label, word) = (keys.label(action), action.word());
    Notice::info(format!(
        "{label} ({word}) does nothing here{}",
        after(" · ", &help)
    ))
}

/// A letter in a form, in a field that takes none.
pub(super) fn no_text(keys: &KeyMap) -> Notice {
    let ways = ways(
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
    let quit = ways(keys, &[(Action::Quit, "quits")]);
    Notice::info(format!("This is the first screen{}", after(" · ", &quit)))
}

/// A client was made.
pub(super) fn created(name: &str, keys: &KeyMap) -> Notice {
    let ways = ways(
        keys,
        &[(Action::Reveal, "reveals"), (Action::Copy, "copies")],
    );
    let secret = after(" · its secret is one key away: ", &ways);
    Notice::good(format!("Created {name}{secret}"))
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
    ways(keys, &[(Action::Help, does)])
}

/// `x reveals, y copies`, without what has no key.
fn ways(keys: &KeyMap, ways: &[(Action, &str)]) -> String {
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
            not_here(Action::New, false, &own).text,
            "n (new) does nothing here · f1 shows what does"
        );
        // What would be typed is not promised.
        let at_home = keys(&[]);
        assert_eq!(
            not_here(Action::New, true, &at_home).text,
            "n (new) does nothing here"
        );
        assert_eq!(
            not_here(Action::New, true, &own).text,
            "n (new) does nothing here · f1 shows what does"
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
