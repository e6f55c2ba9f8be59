//! The table of what AWS answers is what the tests ask: each probe is a test that holds the texts of its row.

use std::collections::BTreeSet;
use std::path::Path;

use cognitui::sandbox::assumptions::Assumptions;

const TABLE: &str = include_str!("../../assets/sandbox/fidelity.md");

/// The texts between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The cells of each row, without heads and rules.
fn rows(part: &str) -> Vec<Vec<&str>> {
    let lines = part
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'));
    lines
        .filter(|line| !line.starts_with("| likely"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// The text of the test function that `binary::modules::name` names, and of the helpers beside it; literals that go over several lines
/// are joined.
fn probe(name: &str) -> String {
    let Some((module, test)) = name.rsplit_once("::") else {
        panic!("{name} is no path of a test");
    };
    let file = format!("tests/{}.rs", module.replace("::", "/"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let source = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name}: no such file"));
    assert!(
        source.contains(&format!("async fn {test}()")),
        "{name}: no such test"
    );
    let joined: Vec<&str> = source.split("\\\n").map(str::trim_start).collect();
    joined.concat().replace("\\\"", "\"")
}

#[test]
fn every_answer_has_a_test_that_asks_for_it() {
    let (known, _) = TABLE.split_once("## What is not known").unwrap();
    let rows = rows(known);
    assert!(rows.len() > 30);
    for row in rows {
        let [operation, name, answer, source, date] = row[..] else {
            panic!("{row:?} has not five cells");
        };
        assert!(!source.is_empty() && (!date.is_empty() || source.contains("not proven")));
        let text = probe(quoted(name)[0]);
        for expected in quoted(answer) {
            assert!(
                text.contains(expected),
                "{operation}: {name} has no {expected:?}"
            );
        }
    }
}

#[test]
fn every_open_question_is_in_the_table() {
    let (_, open) = TABLE.split_once("## What is not known").unwrap();
    let mut told = BTreeSet::new();
    for row in rows(open) {
        let [likely, other, name] = row[..] else {
            panic!("{row:?} has not three cells");
        };
        let pair = (quoted(likely)[0], quoted(other)[0]);
        let text = probe(quoted(name)[0]);
        assert!(text.contains(pair.1), "{name} does not play {}", pair.1);
        told.insert(pair);
    }
    assert_eq!(told, Assumptions::words().collect());
}
