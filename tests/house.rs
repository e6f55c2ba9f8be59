//! The rules of the house, held against its own text: who may import whom, how long a file may be, that the README's key table
//! is the action table, and that nothing tells of the machine it was made on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail by panicking, and so may its helpers"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cognitui::input::{Action, Group};

/// Longer files are split at a seam.
const LONGEST: usize = 500;

/// The rooms, each with the rooms it may import from. Who is not here may import from nobody.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("cognito", &["domain"]),
    ("sandbox", &[]),
    ("input", &["ui"]),
    ("text", &[]),
    ("ui", &["input", "text"]),
    ("app", &["domain", "input", "ui", "cognito"]),
    ("screens", &["app", "cognito", "domain", "input", "ui"]),
    ("delivery", &["cognito", "domain", "files"]),
    ("files", &[]),
    (
        "runtime",
        &["app", "cognito", "delivery", "domain", "files"],
    ),
    (
        "commands",
        &["cli", "cognito", "delivery", "domain", "files", "text"],
    ),
    ("config", &["cli", "domain", "input"]),
    ("cli", &["domain"]),
    ("logging", &[]),
    (
        "launch",
        &[
            "app", "cli", "cognito", "commands", "config", "domain", "input", "runtime", "sandbox",
            "screens", "ui",
        ],
    ),
    ("main", &["cli", "config", "launch", "logging"]),
    ("build", &[]),
];

/// What a room may use of `cognito`, where it may not use all of it: plain results, never the gateway.
const OF_COGNITO: &[(&str, &[&str])] = &[
    (
        "app",
        &[
            "Done",
            "Error",
            "ErrorKind",
            "Identity",
            "Progress",
            "Signing",
        ],
    ),
    ("screens", &["Error", "ErrorKind", "Identity"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a directory.
fn rust_files(below: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(below)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// The module path of a file of `src/`, such as `["screens", "pool", "clients"]`.
fn module_of(path: &Path) -> Vec<String> {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let mut parts: Vec<String> = inside
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_str().unwrap().to_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The text without comments and string literals, as far as a search for paths needs.
fn code_only(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every path into the crate that the text of `module` names, in full and split at `::`, groups in braces spelt out. Both `use`
/// lines and paths inside the code count.
fn crate_paths(text: &str, module: &[String]) -> BTreeSet<Vec<String>> {
    let text = code_only(text);
    let mut found = BTreeSet::new();
    for start in ["crate::", "cognitui::", "super::"] {
        for (at, _) in text.match_indices(start) {
            let before = text[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' || before == ':' || before == '$' {
                continue;
            }
            let mut base = Vec::new();
            let mut rest = &text[at..];
            if start == "super::" {
                base = module.to_vec();
                while let Some(further) = rest.strip_prefix("super::") {
                    base.pop();
                    rest = further;
                }
            } else {
                rest = &rest[start.len()..];
            }
            expand(&base, rest, &mut found);
        }
    }
    found
}

/// Reads one path, or a group of paths, from the beginning of `text`.
fn expand(base: &[String], text: &str, found: &mut BTreeSet<Vec<String>>) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        let mut depth = 0;
        let mut part = String::new();
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(base, &part, found);
                    part.clear();
                    continue;
                }
                _ => {}
            }
            part.push(c);
        }
        if !part.trim().is_empty() {
            expand(base, &part, found);
        }
        return;
    }
    let word: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    if word.is_empty() {
        found.insert(base.to_vec());
        return;
    }
    let mut path = base.to_vec();
    let rest = &text[word.len()..];
    if word != "self" {
        path.push(word);
    }
    match rest.strip_prefix("::") {
        Some(rest) => expand(&path, rest, found),
        None => {
            found.insert(path);
        }
    }
}

#[test]
fn nobody_imports_from_a_room_that_is_not_theirs() {
    let rooms: BTreeSet<&str> = MAY_IMPORT.iter().map(|(room, _)| *room).collect();
    let mut broken = String::new();
    for path in rust_files("src") {
        let module = module_of(&path);
        let room = module[0].as_str();
        if room == "lib" {
            continue;
        }
        let (_, allowed) = MAY_IMPORT
            .iter()
            .find(|(name, _)| *name == room)
            .unwrap_or_else(|| {
                panic!("{room} is a new room: say in this test who may import whom")
            });
        for import in crate_paths(&fs::read_to_string(&path).unwrap(), &module) {
            let Some(from) = import.first().map(String::as_str) else {
                continue;
            };
            if from == room || !rooms.contains(from) {
                continue;
            }
            let narrow = OF_COGNITO.iter().find(|(name, _)| *name == room);
            let all_of_it = from != "cognito" || narrow.is_none();
            let in_part = narrow.is_some_and(|(_, parts)| {
                import
                    .get(1)
                    .is_some_and(|part| parts.contains(&part.as_str()))
            });
            if !allowed.contains(&from) || !(all_of_it || in_part) {
                writeln!(broken, "{} imports {}", shown(&path), import.join("::")).unwrap();
            }
        }
    }
    assert!(broken.is_empty(), "the rooms are mixed up:\n{broken}");
}

/// The modules of the screens that a route can lead to.
fn opened_screens() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("src/screens/mod.rs")).unwrap();
    let code: String = code_only(&text).split_whitespace().collect();
    let made = code.split("Box::new(").skip(1);
    made.filter_map(|made| Some(made.split_once("::")?.0.to_owned()))
        .collect()
}

#[test]
fn a_screen_knows_no_sibling_screen() {
    let mut broken = String::new();
    let screens = opened_screens();
    assert!(
        screens.contains("pools") && screens.contains("terminal_copy") && screens.len() > 20,
        "{screens:?}"
    );
    for path in rust_files("src/screens") {
        let module = module_of(&path);
        let own = module.get(1).map(String::as_str);
        for import in crate_paths(&fs::read_to_string(&path).unwrap(), &module) {
            let other = import.get(1).map(String::as_str);
            let is_screen = other.is_some_and(|name| screens.contains(name));
            if import[0] == "screens" && is_screen && own.is_some() && other != own {
                writeln!(broken, "{} imports {}", shown(&path), import.join("::")).unwrap();
            }
        }
    }
    assert!(
        broken.is_empty(),
        "screens meet through Route alone:\n{broken}"
    );
}

#[test]
fn aws_and_the_terminal_stay_in_their_rooms() {
    let rules: [(&str, &[&str]); 4] = [
        ("aws_sdk_", &["cognito"]),
        ("reqwest", &["cognito"]),
        // `text` asks it for nothing but how wide it draws a grapheme.
        (
            "ratatui",
            &["app", "input", "runtime", "screens", "text", "ui"],
        ),
        ("axum", &["sandbox"]),
    ];
    let mut broken = String::new();
    for path in rust_files("src") {
        let room = module_of(&path)[0].clone();
        let code = code_only(&fs::read_to_string(&path).unwrap());
        for (name, rooms) in rules {
            let used = code.match_indices(name).any(|(at, _)| {
                let before = code[..at].chars().next_back().unwrap_or(' ');
                let after = &code[at + name.len()..];
                let path = after
                    .trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
                    .starts_with("::");
                path && !before.is_alphanumeric() && before != '_' && before != '"'
            });
            if used && !rooms.contains(&room.as_str()) {
                writeln!(broken, "{} uses {name}", shown(&path)).unwrap();
            }
        }
    }
    assert!(broken.is_empty(), "a crate has left its room:\n{broken}");
}

/// A reader that goes away, such as `head`, makes these panic: half-way, and with a secret at hand.
#[test]
fn nothing_is_printed_that_could_panic() {
    let mut broken = String::new();
    for path in rust_files("src") {
        // Who reads the build script's words is cargo.
        if path.ends_with("src/build.rs") {
            continue;
        }
        let code = code_only(&fs::read_to_string(&path).unwrap());
        for name in ["print!(", "println!("] {
            if code.contains(name) {
                writeln!(broken, "{} has {name}", shown(&path)).unwrap();
            }
        }
    }
    assert!(broken.is_empty(), "use `commands::tell`:\n{broken}");
}

#[test]
fn paths_are_read_in_every_spelling() {
    let module = [
        "screens".to_owned(),
        "pool".to_owned(),
        "clients".to_owned(),
    ];
    let text = "use crate::app::{load::Load, message::{Effect, Query as Q}};\nuse super::super::words;\n\
                use super::{draw, Tab};\nlet x = crate::domain::time::Timestamp::now(); // crate::cognito::Gateway";
    let paths: Vec<String> = crate_paths(text, &module)
        .iter()
        .map(|path| path.join("::"))
        .collect();
    assert_eq!(
        paths,
        [
            "app::load::Load",
            "app::message::Effect",
            "app::message::Query",
            "domain::time::Timestamp::now",
            "screens::pool::Tab",
            "screens::pool::draw",
            "screens::words",
        ]
    );
}

#[test]
fn no_file_is_longer_than_one_can_read_at_a_sitting() {
    let long: Vec<String> = ["src", "tests", "benches"]
        .into_iter()
        .flat_map(rust_files)
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            (lines > LONGEST).then(|| format!("{} has {lines} lines", shown(&path)))
        })
        .collect();
    assert!(long.is_empty(), "split these at a seam: {long:#?}");
}

/// What stands in the README between its two markers: a row an action, group by group.
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

/// The text files that are, or are about to be, part of the repository.
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
