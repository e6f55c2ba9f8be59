//! The places where a program leaves traces, and the search in them.

use std::fs;
use std::path::Path;

use rustix::process::Pid;

use crate::leaks::needles::Needles;

/// Returns each file below `folder` that contains a secret, or has one in its name, as `path: what`.
pub fn in_files(folder: &Path, needles: &Needles) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // What is being replaced while the program runs may be gone by now.
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        let kind = metadata.file_type();
        let named = needles.found_in(path.as_os_str().as_encoded_bytes());
        found.extend(named.map(|what| format!("{} is named by {what}", path.display())));
        if kind.is_dir() {
            found.extend(in_files(&path, needles));
        } else if kind.is_file() {
            let bytes = fs::read(&path).unwrap_or_default();
            let what = needles.found_in(&bytes);
            found.extend(what.map(|what| format!("{}: {what}", path.display())));
        }
    }
    found
}

/// Returns what the system shows any user about a process and its descendants, where it contains a secret.
pub fn in_process(pid: Pid, needles: &Needles) -> Vec<String> {
    let mut found = Vec::new();
    for pid in family(pid.as_raw_nonzero().get()) {
        for file in ["cmdline", "environ", "comm"] {
            let path = format!("/proc/{pid}/{file}");
            // What even this test may not read, nobody else may.
            let bytes = fs::read(&path).unwrap_or_default();
            let what = needles.found_in(&bytes);
            found.extend(what.map(|what| format!("{path}: {what}")));
        }
    }
    found
}

/// Returns a process and its descendants.
fn family(pid: i32) -> Vec<i32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let parents: Vec<(i32, i32)> = processes
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let (_, rest) = stat.rsplit_once(')')?;
            Some((pid, rest.split_whitespace().nth(1)?.parse().ok()?))
        })
        .collect();
    let mut family = vec![pid];
    let mut at = 0;
    while at < family.len() {
        let parent = family[at];
        let children = parents.iter().filter(|(_, of)| *of == parent);
        family.extend(children.map(|(pid, _)| *pid));
        at += 1;
    }
    family
}

/// Returns the terminal's bytes without the requests to copy (OSC 52), which contain what the user wanted to copy.
pub fn without_copies(raw: &[u8]) -> (Vec<u8>, usize) {
    const START: &[u8] = b"\x1b]52;c;";
    let mut rest = Vec::new();
    let mut copies = 0;
    let mut at = 0;
    while at < raw.len() {
        if raw[at..].starts_with(START) {
            let end = raw[at + 1..]
                .iter()
                .position(|byte| matches!(byte, 7 | 0x1b));
            at += 1 + end.expect("a request to copy ends");
            copies += 1;
        } else {
            rest.push(raw[at]);
            at += 1;
        }
    }
    (rest, copies)
}
