//! The memory of the running console: after a secret is hidden again and a token was copied, no copy of it is left.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::time::Instant;

use cognitui::sandbox::{Options, Sandbox};
use rustix::process::Pid;

use crate::leaks::needles::Needles;
use crate::pty::console::{PATIENCE, Start};

/// Makes a debug build leave its memory readable to this test.
pub const READABLE: &str = "COGNITUI_READABLE_MEMORY";

/// Returns the parts of a process's writable memory that hold a secret.
pub fn in_memory(pid: Pid, needles: &Needles) -> Vec<String> {
    let pid = pid.as_raw_nonzero();
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut found = Vec::new();
    for region in maps.lines().filter(|line| line.contains(" rw")) {
        let (range, _) = region.split_once(' ').unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // A region may have gone since it was listed.
        let read = memory.read_at(&mut bytes, from).unwrap_or(0);
        let places = needles.all_in(&bytes[..read]);
        found.extend(places.map(|(at, what)| {
            let around = &bytes[at.saturating_sub(80)..(at + 80).min(read)];
            format!("{region}\n  {what}: {:?}", String::from_utf8_lossy(around))
        }));
    }
    found
}

#[test]
fn a_secret_that_was_shown_and_copied_is_not_left_in_memory() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = Options {
        sample: true,
        ..Options::default()
    };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let url = sandbox.url();
    let mut console = Start::console(&["--endpoint-url", &url, "--region", "eu-west-1"])
        .with_credentials()
        .env(READABLE, "1")
        .open();
    console.wait_for_words(&["acme-platform-staging"]);
    console.press("/acme-platform-staging\r");
    console.wait_for_words(&["1 of "]);
    console.press("\r");
    console.wait_for_words(&["price-poller"]);
    console.press("/price-poller\r\r");
    console.wait_for_words(&["AccessTokenValidity"]);
    console.press("x");
    let secret = console.wait_for_secret();
    let mut needles = Needles::default();
    needles.add("the secret", &secret);
    let seen = in_memory(console.pid(), &needles);
    assert!(!seen.is_empty(), "the search is blind");

    console.press("x");
    console.wait_for("the secret to be covered", |screen| {
        !screen.contents().contains(&secret)
    });
    assert_gone(console.pid(), &needles, "covered");
    console.copy_secret();
    assert_gone(console.pid(), &needles, "copied");
    console.press("t");
    console.wait_for_words(&["Request"]);
    console.press("\r");
    console.wait_for_words(&["✓ valid"]);
    assert_gone(console.pid(), &needles, "sent for a token");
}

/// Waits until no copy is left: a task ends shortly after its answer.
#[track_caller]
fn assert_gone(pid: Pid, needles: &Needles, when: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = in_memory(pid, needles);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "after it was {when}: {left:#?}");
    }
}
