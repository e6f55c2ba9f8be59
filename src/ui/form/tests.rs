use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use secrecy::ExposeSecret;

use super::*;

fn form() -> Form {
    Form::new(vec![
        Field::note("intro", "A client for machines."),
        Field::text("name", "Name", "machine"),
        Field::checks(
            "scopes",
            "Scopes",
            vec![
                Item::new("a", "api/admin").checked(true),
                Item::new("b", "api/audit"),
            ],
        ),
        Field::radio(
            "auth",
            "Client",
            vec![Item::new("basic", "basic"), Item::new("body", "body")],
        ),
        Field::choice(
            "life",
            "Token",
            vec![
                Item::new("60", "1 h"),
                Item::new("5", "5 min").checked(true),
            ],
        ),
        Field::secret("secret", "Secret"),
    ])
}

fn letter(c: char) -> Event {
    Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))
}

#[test]
fn tab_goes_from_field_to_field_and_around() {
    let mut form = form();
    let mut visited = vec![];
    for _ in 0..6 {
        visited.extend(form.focused().map(str::to_owned));
        form.act(Action::NextField);
    }
    assert_eq!(
        visited,
        ["name", "scopes", "auth", "life", "secret", "name"]
    );
    form.focus("name");
    form.act(Action::PrevField);
    assert_eq!(form.focused(), Some("secret"));
}

#[test]
fn typing_or_deleting_replaces_a_default_and_moving_keeps_it() {
    let press = |code| Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
    let after = |events: &[Event]| {
        let mut form = Form::new(vec![Field::text("life", "Token", "1 h").suggested()]);
        for event in events {
            assert!(form.edit(event));
        }
        form.text("life").to_owned()
    };
    assert_eq!(after(&[letter('5'), letter('m')]), "5m");
    assert_eq!(after(&[Event::Paste("30 min".to_owned())]), "30 min");
    assert_eq!(after(&[press(KeyCode::Backspace)]), "");
    assert_eq!(after(&[press(KeyCode::End), letter('r')]), "1 hr");
    // What the user has is no default.
    let mut mine = form();
    assert!(mine.edit(&letter('s')));
    assert_eq!(mine.text("name"), "machines");
}

#[test]
fn arrows_go_through_the_items_and_stop_at_the_ends() {
    let mut form = form();
    form.act(Action::Up);
    assert_eq!(form.focused(), Some("name"));
    form.act(Action::Down);
    form.act(Action::Down);
    form.act(Action::Toggle);
    assert_eq!(
        (form.focused(), form.checked("scopes")),
        (Some("scopes"), vec!["a", "b"])
    );
    form.act(Action::Down);
    assert_eq!(form.focused(), Some("auth"));
    form.act(Action::Up);
    form.act(Action::Toggle);
    assert_eq!(form.checked("scopes"), ["a"]);
    for _ in 0..9 {
        form.act(Action::Down);
    }
    assert_eq!(form.focused(), Some("secret"));
}

#[test]
fn one_of_several_is_chosen_with_space_or_arrows() {
    let mut form = form();
    assert_eq!(
        (form.chosen("auth"), form.chosen("life")),
        (Some("basic"), Some("5"))
    );
    form.focus("auth");
    form.act(Action::Toggle);
    assert_eq!(form.chosen("auth"), Some("body"));
    form.act(Action::Right);
    assert_eq!(form.chosen("auth"), Some("basic"));
    form.act(Action::Left);
    assert_eq!(form.chosen("auth"), Some("body"));
}

#[test]
fn letters_are_text_only_where_text_is_asked_for() {
    let mut form = form();
    assert!(form.is_typing() && form.edit(&letter(' ')) && form.edit(&letter('q')));
    assert_eq!(form.text("name"), "machine q");
    assert!(!form.act(Action::Toggle));
    form.focus("scopes");
    assert!(!form.is_typing() && !form.edit(&letter('q')));
    assert!(!form.edit(&Event::Paste("lost".into())));
}

#[test]
fn a_secret_is_read_as_one_and_never_shown() {
    let mut form = form();
    form.focus("secret");
    form.edit(&Event::Paste("hunter2\n".into()));
    assert_eq!(form.secret("secret").expose_secret(), "hunter2");
    assert_eq!(form.text("secret"), "");
    assert!(!format!("{form:?}").contains("hunter2"));
}

#[test]
fn a_hidden_field_is_passed_over_and_keeps_what_it_holds() {
    let mut form = form();
    form.set_error("name", "taken");
    assert_eq!(form.first_error(), Some("name"));
    form.set_visible("name", false);
    assert_eq!((form.focused(), form.first_error()), (Some("scopes"), None));
    form.set_visible("name", true);
    assert_eq!(form.text("name"), "machine");
}

#[test]
fn items_that_arrive_late_keep_the_users_place() {
    let mut form = form();
    form.focus("scopes");
    form.act(Action::Down);
    form.set_items(
        "scopes",
        vec![
            Item::new("z", "z"),
            Item::new("y", "y"),
            Item::new("b", "api/audit"),
        ],
    );
    form.act(Action::Toggle);
    assert_eq!(form.checked("scopes"), ["b"]);
    form.set_items("scopes", vec![]);
    assert_eq!(form.focused(), Some("auth"));
}

#[test]
fn who_has_not_been_in_a_list_begins_with_its_first_item() {
    let mut form = form();
    let more = vec![
        Item::new("z", "z"),
        Item::new("a", "api/admin").checked(true),
    ];
    form.set_items("scopes", more);
    form.act(Action::NextField);
    form.act(Action::Toggle);
    assert_eq!(form.checked("scopes"), ["z", "a"]);
}

#[test]
fn a_page_is_many_lines_and_ends_where_the_form_does() {
    use crate::ui::testing::lines;
    use crate::ui::theme::Theme;
    let mut form = form();
    lines(40, 6, |frame| {
        form.draw(frame, frame.area(), &Theme::colour());
    });
    assert!(form.act(Action::PageDown));
    assert_eq!(form.focused(), Some("auth"));
    form.act(Action::PageDown);
    assert_eq!(form.focused(), Some("secret"));
    form.act(Action::PageUp);
    form.act(Action::PageUp);
    assert_eq!(form.focused(), Some("name"));
}
