//! A rotation before its first write, and its choices from step to step.

use std::collections::BTreeMap;

use crate::rotation::{NAME, live, open};
use crate::stage::{PROD, Stage};

#[tokio::test]
async fn the_plan_is_shown_before_the_first_write_and_enter_confirms() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut stage = Stage::sized(columns, rows).await;
        stage.client(PROD, NAME).await;
        let before = live(&stage);
        for keys in ["R 1", "esc 2"] {
            stage.press(keys).await;
            stage.sees(&[
                "(AddUserPoolClientSecret)",
                "(DeleteUserPoolClientSecret) later",
                "Both secrets work",
                "add the secret",
            ]);
        }
        stage.press("esc").await;
        assert_eq!(live(&stage), before);
        assert_eq!(stage.calls("AddUserPoolClientSecret"), 0);
        stage.press("1 enter").await;
        assert_eq!(live(&stage).len(), 2);
    }
}

/// The choices on the screen: their numbers, if any, and their words; and whether the cursor is there.
fn choices(stage: &mut Stage) -> Vec<(Option<char>, String, bool)> {
    let screen = stage.screen();
    let known = [
        "Copy the new",
        "Deliver",
        "Test the new",
        "Delete the",
        "Leave,",
    ];
    let lines = screen
        .lines()
        .map(|line| line.trim_matches(['│', ' ', '█']));
    lines
        .filter_map(|line| {
            let marked = line.starts_with('▌');
            let line = line.trim_start_matches(['▌', ' ']);
            let number = line.chars().next().filter(char::is_ascii_digit);
            let words = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
            let is_choice = known.iter().any(|word| words.starts_with(word));
            is_choice.then(|| (number, words.to_owned(), marked))
        })
        .collect()
}

#[tokio::test]
async fn a_choice_keeps_its_number_and_the_cursor_begins_on_no_deletion() {
    let (mut stage, _) = open().await;
    let mut numbers = BTreeMap::new();
    for keys in ["1 enter", "1", "6", "7"] {
        stage.press(keys).await;
        let seen = choices(&mut stage);
        assert!(seen.len() >= 7, "{seen:?}");
        for (number, words, marked) in seen {
            assert!(!(marked && words.starts_with("Delete")), "{words}");
            let first = *numbers.entry(words.clone()).or_insert(number);
            assert_eq!(first, number, "{words}");
        }
    }
    let mut taken: Vec<_> = numbers.into_values().flatten().collect();
    let all = taken.len();
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), all, "two choices have one number");
    // A number that a step does not have says so.
    let (mut stage, _) = open().await;
    stage.press("8").await;
    assert!(stage.bottom().contains("No choice"), "{}", stage.bottom());
}
