//! Core dumps are disabled in all modes, whatever the shell allows.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::pty::console::{BINARY, Start};

/// Ends when dropped, also after a failed test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the soft and the hard limit of core files.
fn limit(pid: u32) -> Vec<String> {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let numbers = line.unwrap().split_whitespace().skip(4).take(2);
    numbers.map(str::to_owned).collect()
}

#[test]
fn a_crash_dumps_no_core_however_much_the_shell_would_let_it() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = Command::new("bash")
        .args([
            "-c",
            "ulimit -c unlimited || exit; exec \"$0\" sandbox --port 0",
            BINARY,
        ])
        .current_dir(home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut sandbox = Served(sandbox);
    let mut first = String::new();
    let output = sandbox.0.stdout.as_mut().unwrap();
    BufReader::new(output).read_line(&mut first).unwrap();
    assert!(first.contains("http://127.0.0.1:"), "{first}");
    assert_eq!(limit(sandbox.0.id()), ["0", "0"]);
    kill_process(Pid::from_child(&sandbox.0), Signal::ABORT).unwrap();
    let status = sandbox.0.wait().unwrap();
    assert_eq!(status.signal(), Some(Signal::ABORT.as_raw()));
    assert!(!status.core_dumped(), "a core was dumped");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn the_console_has_them_off_too() {
    let script = format!("ulimit -c unlimited || exit; exec {BINARY} --demo");
    let mut console = Start::program("bash", &["-c", &script]).open();
    console.wait_for_words(&["DEMO"]);
    let pid = console.pid().as_raw_nonzero().get().unsigned_abs();
    assert_eq!(limit(pid), ["0", "0"]);
    console.press("q");
    assert_eq!(console.end().code, 0);
}
