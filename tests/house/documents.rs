//! README.md, SECURITY.md and the text of all files of the repository.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use cognitui::input::{Action, Group};

use crate::{root, rust_files};

/// Returns the README's table of keys: a row per action, group by group.
fn key_table() -> String {
    let mut table = "| key | does |\n|---|---|\n".to_owned();
    for group in Group::ALL {
        for action in Action::ALL.iter().filter(|action| action.group() == group) {
            let keys: Vec<String> = action.keys().iter().map(|key| format!("`{key}`")).collect();
            writeln!(table, "| {} | {} |", keys.join(" "), action.help()).unwrap();
        }
    }
    table
}

#[test]
fn the_readmes_key_table_is_the_action_table() {
    const FROM: &str = "<!-- keys -->\n";
    const TO: &str = "<!-- /keys -->";
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme
        .split_once(FROM)
        .expect("README.md has the marker <!-- keys -->");
    let (found, after) = rest
        .split_once(TO)
        .expect("README.md has the marker <!-- /keys -->");
    let expected = key_table();
    if std::env::var_os("COGNITUI_BLESS").is_some() {
        fs::write(&path, format!("{before}{FROM}{expected}{TO}{after}")).unwrap();
        return;
    }
    assert_eq!(
        found, expected,
        "README.md's keys are not the program's: run this test once with COGNITUI_BLESS=1"
    );
}

/// The parts of the page on security that may be prose: they promise nothing.
const PROSE: [&str; 2] = ["What is not promised", "Reporting"];

#[test]
fn every_promise_of_security_names_tests_that_are_there() {
    let page = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let (mut part, mut promises, mut wrong) = ("", 0, String::new());
    for line in page.lines().filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("## ") {
            part = title;
        }
        let is_head =
            line.starts_with('#') || line.starts_with("|---") || line.starts_with("| promise |");
        if is_head || PROSE.contains(&part) {
            continue;
        }
        let Some((promise, tests)) = line.trim_matches('|').rsplit_once('|') else {
            // Before the table it only says what the page is about.
            let about = part.is_empty() && line.ends_with("What no test holds is not promised.");
            if !about {
                let _ = writeln!(wrong, "no table's: {line}");
            }
            continue;
        };
        promises += 1;
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            let _ = writeln!(wrong, "no test: {promise}");
        }
        for test in named {
            let (path, name) = test.split_once("::").unwrap_or((test, ""));
            let path = root().join(path);
            let files = if path.is_dir() {
                rust_files(test)
            } else {
                vec![path]
            };
            let text: String = files
                .iter()
                .filter_map(|file| fs::read_to_string(file).ok())
                .collect();
            let there = text.contains("#[test]") || text.contains("#[tokio::test");
            if !there || !name.is_empty() && !text.contains(&format!("fn {name}()")) {
                let _ = writeln!(wrong, "{test} is not there");
            }
        }
    }
    assert!(
        wrong.is_empty() && promises > 30,
        "{promises} promises\n{wrong}"
    );
}

/// Returns the text files that are, or will be, part of the repository.
fn tracked() -> Vec<(String, String)> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "git does not list the files");
    let names = String::from_utf8(output.stdout).unwrap();
    names
        .lines()
        .filter_map(|name| Some((name.to_owned(), fs::read_to_string(root().join(name)).ok()?)))
        .collect()
}

#[test]
fn nothing_tells_of_the_machine_it_was_made_on() {
    // Spelt in two parts, so that this file is not found itself.
    let signs = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/tm", "p/wt"),
        concat!("/wo", "rk/"),
        concat!("C:", "\\Users"),
        concat!("index.cra", "tes.io-"),
    ];
    let files = tracked();
    assert!(files.len() > 50, "only {} files are tracked", files.len());
    let found: Vec<String> = files
        .iter()
        .flat_map(|(name, text)| {
            text.lines().enumerate().filter_map(move |(at, line)| {
                let sign = signs.iter().find(|sign| line.contains(**sign))?;
                Some(format!("{name}:{} has {sign}", at + 1))
            })
        })
        .collect();
    assert!(found.is_empty(), "paths of a machine: {found:#?}");
}
