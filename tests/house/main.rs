//! The rules of the source tree: which room imports which, the length of files, that the README's key table is the action table,
//! and that no file names the machine it was created on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod documents;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Longer files are split.
const LONGEST: usize = 500;

/// The rooms, each with the rooms it may import. A room that is not listed may import none.
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

/// The parts of `cognito` that a room may use if not all: plain results, never the gateway.
const OF_COGNITO: &[(&str, &[&str])] = &[
    (
        "app",
        &[
            "CodeRequest",
            "Error",
            "ErrorKind",
            "Identity",
            "PlanOutcome",
            "PlanProgress",
            "SignInEvent",
        ],
    ),
    (
        "screens",
        &["CodeRequest", "Error", "ErrorKind", "Identity"],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns all Rust files below a directory.
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

/// Returns the module path of a file of `src/`, such as `["screens", "pool", "clients"]`.
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

/// Returns the text without comments and string literals, as far as a search for paths needs.
fn code_only(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns every crate path in the text of `module`, in full and split at `::`, with groups in braces expanded. Both `use` lines
/// and paths inside the code count.
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

/// Reads one path, or a group of paths, from the start of `text`.
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

#[test]
fn a_screen_imports_its_own_feature_and_shared_parts() {
    let mut broken = String::new();
    let mut features = BTreeSet::new();
    for path in rust_files("src/screens") {
        let module = module_of(&path);
        let Some(own) = module.get(1) else {
            continue; // `open` leads to every feature.
        };
        features.insert(own.clone());
        for import in crate_paths(&fs::read_to_string(&path).unwrap(), &module) {
            let other = import.get(1).filter(|_| import[0] == "screens");
            // `open` itself is no feature.
            if other.is_some_and(|other| other != own && other != "shared" && other != "open") {
                writeln!(broken, "{} imports {}", shown(&path), import.join("::")).unwrap();
            }
        }
    }
    assert!(features.contains("client") && features.contains("token") && features.len() > 10);
    assert!(
        broken.is_empty(),
        "features meet through Route alone, and shared/ imports none of them:\n{broken}"
    );
}

/// The allowed import cycles among the direct modules of a room: those of `sandbox`, whose state, faults and operations know each
/// other, and of `cognito`, whose parts all extend `Gateway`.
const CIRCLES: usize = 2;

/// Returns the modules reachable from `from`.
fn reachable<'a>(
    from: &'a str,
    edges: &'a BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for next in edges.get(at).into_iter().flatten() {
            if seen.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    seen
}

#[test]
fn modules_of_a_room_import_each_other_in_few_circles() {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in rust_files("src") {
        let module = module_of(&path);
        let text = fs::read_to_string(&path).unwrap();
        let text = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let (Some(room), Some(own)) = (module.first(), module.get(1)) else {
            continue;
        };
        if module
            .iter()
            .any(|part| part == "tests" || part == "testing")
        {
            continue;
        }
        let below = root().join("src").join(room);
        for import in crate_paths(text, &module) {
            let (Some(from), Some(other)) = (import.first(), import.get(1)) else {
                continue;
            };
            let is_module =
                below.join(other).is_dir() || below.join(format!("{other}.rs")).is_file();
            if from == room && other != own && is_module {
                let own = format!("{room}::{own}");
                edges
                    .entry(own)
                    .or_default()
                    .insert(format!("{room}::{other}"));
            }
        }
    }
    let mut circles: BTreeSet<Vec<&str>> = BTreeSet::new();
    for module in edges.keys() {
        let to = reachable(module, &edges);
        if to.contains(module.as_str()) {
            let mutual = |other: &&&str| reachable(other, &edges).contains(module.as_str());
            circles.insert(to.iter().filter(mutual).copied().collect());
        }
    }
    assert!(edges.len() > 50, "imports are read: {}", edges.len());
    assert_eq!(circles.len(), CIRCLES, "{circles:#?}");
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

/// A reader that goes away, such as `head`, makes these macros panic: half-way, and with a secret in memory.
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
    assert!(broken.is_empty(), "use `commands::stderr_raw`:\n{broken}");
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
