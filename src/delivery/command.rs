//! A program that takes a secret on its standard input.

use std::io::{self, IsTerminal, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::Voice;
use crate::domain::destination::Undelivered;

/// How long a command may take that nobody can end by hand.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs `line` in the system's shell and writes the secret to its standard input. Arguments and environment, which other processes
/// can read, hold nothing of it. It has 30 seconds, and is then ended with all that it started; but where somebody sits at its
/// terminal, who may be asked for a passphrase and can press Ctrl-C, it has all the time it takes.
pub(super) fn feed(line: &str, text: &SecretString, voice: Voice) -> Result<(), Undelivered> {
    let attended = voice == Voice::Heard && io::stderr().is_terminal();
    feed_within(line, text, voice, (!attended).then_some(LIMIT))
}

fn feed_within(
    line: &str,
    text: &SecretString,
    voice: Voice,
    limit: Option<Duration>,
) -> Result<(), Undelivered> {
    let mut command = shell(line);
    // A group of its own can be ended as a whole. It may not read the terminal, which is why whoever may be asked has none.
    #[cfg(unix)]
    if limit.is_some() {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    command.stdin(Stdio::piped());
    match voice {
        // Standard output is for the answer.
        Voice::Heard => command.stdout(io::stderr()).stderr(Stdio::inherit()),
        Voice::Mute => command.stdout(Stdio::null()).stderr(Stdio::null()),
    };
    let mut child = command
        .spawn()
        .map_err(|error| Undelivered::Nobody(format!("the shell does not start: {error}")))?;
    // Dropped at the end of the statement, so that the program sees the end of its input.
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| {
        stdin.write_all(text.expose_secret().as_bytes())
    });
    let perhaps = |why: String| Undelivered::Perhaps(format!("the command {why}: {line}"));
    let status = match limit {
        None => child.wait(),
        Some(limit) => match ended_within(limit, child) {
            Some(ended) => ended,
            None => {
                return Err(perhaps(format!(
                    "was not done after {} s and was ended",
                    limit.as_secs()
                )));
            }
        },
    };
    let status = status.map_err(|error| perhaps(error.to_string()))?;
    match (status.success(), written) {
        (true, Ok(())) => Ok(()),
        (true, Err(_)) => Err(perhaps("did not read its input to the end".to_owned())),
        (false, _) => Err(perhaps(failed(status))),
    }
}

/// How `child` ended; `None` where it did not in time, and was ended with all that it started.
fn ended_within(limit: Duration, mut child: Child) -> Option<io::Result<ExitStatus>> {
    let group = child.id();
    let (sender, ended) = mpsc::channel();
    let waiter = thread::spawn(move || {
        // Nobody waits any more where the time was over.
        let _ = sender.send(child.wait());
    });
    let outcome = ended.recv_timeout(limit).ok();
    if outcome.is_none() {
        end(group);
        let _ = waiter.join();
    }
    outcome
}

/// Ends a process that leads a group, and the group.
#[cfg(unix)]
fn end(group: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = Pid::from_raw(group.cast_signed()) {
        // It may have ended by itself just now.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Ends a process and all that it started.
#[cfg(windows)]
fn end(process: u32) {
    let _ = Command::new("taskkill")
        .args(["/T", "/F", "/PID", &process.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

fn failed(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("failed with exit code {code}"),
        None => "was ended by a signal".to_owned(),
    }
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.args(["/C", line]);
    command
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_secret_goes_to_the_input_and_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let into = |name: &str| folder.path().join(name).display().to_string();
        let line = format!(
            "env >{}; tr '\\0' ' ' </proc/$$/cmdline >{}; cat >{}",
            into("env"),
            into("args"),
            into("stdin")
        );
        feed(&line, &"S3cret".to_owned().into(), Voice::Mute).unwrap();
        let read = |name: &str| std::fs::read_to_string(into(name)).unwrap();
        assert_eq!(read("stdin"), "S3cret");
        assert!(!read("env").contains("S3cret") && !read("args").contains("S3cret"));
    }

    #[test]
    fn a_command_that_never_ends_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let held = folder.path().join("held");
        let made = Command::new("mkfifo").arg(&held).status().unwrap();
        assert!(made.success());
        // Its own child keeps the pipe open for as long as it lives.
        let line = format!("sleep 100 > {} & wait", held.display());
        let reader = thread::spawn(move || std::fs::read(held).unwrap());
        let limit = Some(Duration::from_secs(1));
        let start = Instant::now();
        let error = feed_within(&line, &"x".to_owned().into(), Voice::Mute, limit).unwrap_err();
        assert!(
            matches!(&error, Undelivered::Perhaps(why) if why.contains("was not done after 1 s and was ended")),
            "{error:?}"
        );
        assert_eq!(reader.join().unwrap(), b"");
        assert!(
            start.elapsed() < Duration::from_secs(50),
            "its child lived on"
        );
    }

    #[test]
    fn a_command_that_fails_may_have_got_it() {
        let error = feed("exit 7", &"x".to_owned().into(), Voice::Mute).unwrap_err();
        assert!(
            matches!(&error, Undelivered::Perhaps(why) if why.contains("code 7")),
            "{error:?}"
        );
    }
}
