//! What the user changed in a form, compared with the earlier form.

use super::Form;
use super::field::{Field, FieldKind, Item};

impl Form {
    /// Returns whether this form's values differ from those of `other`, a form with the same fields.
    #[must_use]
    pub fn differs_from(&self, other: &Self) -> bool {
        self.differs_beyond(other, "")
    }

    /// Returns whether the values differ, apart from the field `key`.
    #[must_use]
    pub fn differs_beyond(&self, other: &Self, key: &str) -> bool {
        self.fields.iter().any(|field| {
            let was = other.field(&field.key).filter(|was| was.key != key);
            was.is_some_and(|was| !same_content(field, was))
        })
    }

    /// Applies a change in AWS to a form that the user edits: `before` has the values the form started with, `now` the current
    /// ones. Fields that the user did not change get the value in `now`; the user's changes stay. In a list, each row and item is
    /// compared by itself.
    pub fn rebase(&mut self, before: &Self, now: &Self) {
        for field in &mut self.fields {
            let (Some(was), Some(new)) = (before.field(&field.key), now.field(&field.key)) else {
                continue;
            };
            let untouched = same_content(field, was);
            match (&mut field.kind, &was.kind, &new.kind) {
                (FieldKind::Rows(rows), FieldKind::Rows(were), FieldKind::Rows(are))
                    if !untouched =>
                {
                    rows.rebase(&were.values(), &are.values());
                }
                (
                    FieldKind::Checks { items, .. },
                    FieldKind::Checks { items: were, .. },
                    FieldKind::Checks { items: are, .. },
                ) if !untouched => rebase_checks(items, were, are),
                _ => {
                    // If the value is the same, the cursor stays in place.
                    if untouched && !same_content(field, new) {
                        field.kind.clone_from(&new.kind);
                    }
                }
            }
        }
    }
}

/// Applies checks that changed in AWS since `were`, except items that the user changed.
fn rebase_checks(items: &mut [Item], were: &[Item], are: &[Item]) {
    let in_list = |list: &[Item], id: &str| list.iter().any(|item| item.id == id && item.checked);
    for item in items {
        if item.checked == in_list(were, &item.id) {
            item.checked = in_list(are, &item.id);
        }
    }
}

/// Values to compare: a list that arrives in another order is the same list.
fn in_order(mut values: Vec<String>) -> Vec<String> {
    values.sort_unstable();
    values
}

/// Returns whether two fields have the same value. Hints, errors, cursors and items that are not chosen do not count.
fn same_content(one: &Field, other: &Field) -> bool {
    let checked = |items: &[Item]| -> Vec<String> {
        let checked = items.iter().filter(|item| item.checked);
        in_order(checked.map(|item| item.id.clone()).collect())
    };
    let id = |items: &[Item], at: usize| items.get(at).map(|item| item.id.clone());
    match (&one.kind, &other.kind) {
        (FieldKind::Text { input, .. }, FieldKind::Text { input: was, .. }) => {
            input.value() == was.value()
        }
        (FieldKind::Checks { items, .. }, FieldKind::Checks { items: were, .. }) => {
            checked(items) == checked(were)
        }
        (
            FieldKind::Radio { items, chosen },
            FieldKind::Radio {
                items: were,
                chosen: was,
            },
        )
        | (
            FieldKind::Choice { items, chosen },
            FieldKind::Choice {
                items: were,
                chosen: was,
            },
        ) => id(items, *chosen) == id(were, *was),
        (FieldKind::Rows(rows), FieldKind::Rows(were)) => {
            in_order(rows.values()) == in_order(were.values())
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

    use super::*;
    use crate::input::Action;

    fn form(name: &str, urls: &[&str]) -> Form {
        Form::new(vec![
            Field::text("name", "Name", name),
            Field::rows(
                "urls",
                "URLs",
                urls.iter().map(|url| (*url).to_owned()).collect(),
            ),
        ])
    }

    fn type_letter(form: &mut Form, letter: char) {
        let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
        assert!(form.edit(&Event::Key(key)));
    }

    #[test]
    fn what_was_typed_stays_and_the_rest_follows() {
        let before = form("old", &["https://a"]);
        let mut mine = before.clone();
        assert!(!mine.differs_from(&before));
        mine.act(Action::NextField);
        mine.act(Action::Down);
        type_letter(&mut mine, 'b');
        assert!(mine.differs_from(&before));
        mine.rebase(&before, &form("new", &["https://a", "https://z"]));
        assert_eq!(mine.text("name"), "new");
        assert_eq!(mine.entries("urls"), ["https://a", "b", "https://z"]);
        // The cursor did not move.
        type_letter(&mut mine, 'c');
        assert_eq!(mine.entries("urls"), ["https://a", "bc", "https://z"]);
    }

    #[test]
    fn another_order_of_the_same_values_is_no_change() {
        let checks = |ids: [&str; 3]| {
            let item = |id: &str| Item::new(id, id).checked(id != "b");
            Form::new(vec![Field::checks(
                "scopes",
                "Scopes",
                ids.map(item).to_vec(),
            )])
        };
        assert!(!checks(["a", "b", "c"]).differs_from(&checks(["c", "a", "b"])));
        assert!(!form("x", &["a", "b"]).differs_from(&form("x", &["b", "a"])));
        assert!(form("x", &["a", "b"]).differs_from(&form("x", &["b", "b"])));
    }

    #[test]
    fn a_row_that_somebody_else_took_away_goes_unless_it_was_changed_here() {
        let before = form("x", &["a", "b", "c"]);
        let mut mine = before.clone();
        mine.act(Action::NextField);
        mine.act(Action::Down);
        type_letter(&mut mine, '2');
        mine.rebase(&before, &form("x", &["c", "d"]));
        assert_eq!(mine.entries("urls"), ["b2", "c", "d"]);
        type_letter(&mut mine, '3');
        assert_eq!(mine.entries("urls"), ["b23", "c", "d"]);
    }

    #[test]
    fn what_others_checked_is_checked_and_what_the_user_did_stays() {
        let checks = |checked: &[&str]| {
            let item = |id: &str| Item::new(id, id).checked(checked.contains(&id));
            Form::new(vec![Field::checks(
                "scopes",
                "Scopes",
                ["a", "b", "c"].map(item).to_vec(),
            )])
        };
        let before = checks(&["a"]);
        let mut mine = before.clone();
        // My row is b.
        mine.act(Action::Down);
        mine.act(Action::Toggle);
        mine.rebase(&before, &checks(&["c"]));
        assert_eq!(mine.checked("scopes"), ["b", "c"]);
    }

    #[test]
    fn an_emptied_row_is_gone_and_a_free_one_is_always_there() {
        let mut mine = form("x", &["a", "b"]);
        mine.act(Action::NextField);
        let backspace = KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE);
        assert!(mine.edit(&Event::Key(backspace)));
        assert_eq!(mine.entries("urls"), ["b"]);
        mine.act(Action::Down);
        mine.act(Action::Down);
        type_letter(&mut mine, 'c');
        mine.act(Action::Down);
        type_letter(&mut mine, 'd');
        assert_eq!(mine.entries("urls"), ["b", "c", "d"]);
    }
}
