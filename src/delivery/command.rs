//! Delivers a secret to the stdin of a program.

use std::io::{self, IsTerminal, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::ChildStderr;
use crate::domain::delivery::destination::DeliveryError;

/// The time limit of a command that the user cannot interrupt.
const LIMIT: Duration = Duration::from_secs(30);

/// A running program that can be given up. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Running(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The process, and whether it leads its own group.
    child: Option<(u32, bool)>,
    given_up: bool,
}

impl Running {
    /// Starts the program, which `leads` its own group; ends it at once if it was given up already.
    ///
    /// The lock is held meanwhile: after giving up, the process may exit at once, so a program that just started must be registered.
    fn start(&self, command: &mut Command, leads: bool) -> io::Result<Child> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let child = command.spawn()?;
        state.child = Some((child.id(), leads));
        if state.given_up {
            state.end();
        }
        Ok(child)
    }

    /// Marks it as ended.
    fn ended(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.child = None;
    }

    /// Ends it if it still runs.
    pub(super) fn give_up(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.given_up = true;
        state.end();
    }
}

impl State {
    fn end(&mut self) {
        match self.child.take() {
            Some((group, true)) => end(group),
            Some((process, false)) => end_alone(process),
            None => {}
        }
    }
}

/// Runs `line` in the system's shell and writes the secret to its stdin, never to arguments or environment, which other processes can
/// read. After 30 seconds it is ended with its children; on a user's terminal it has no limit, since it may ask for a passphrase and
/// the user can press Ctrl-C. `running` ends it earlier.
pub(super) fn write_stdin(
    line: &str,
    text: &SecretString,
    voice: ChildStderr,
    running: &Running,
) -> Result<(), DeliveryError> {
    let attended = voice == ChildStderr::Inherit && io::stderr().is_terminal();
    feed_within(line, text, voice, (!attended).then_some(LIMIT), running)
}

fn feed_within(
    line: &str,
    text: &SecretString,
    voice: ChildStderr,
    limit: Option<Duration>,
    running: &Running,
) -> Result<(), DeliveryError> {
    let mut command = shell(line);
    // Its own group can be ended as a whole, but cannot read the terminal; so a command that may ask has none.
    #[cfg(unix)]
    if limit.is_some() {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    command.stdin(Stdio::piped());
    match voice {
        // Stdout is for the command's result.
        ChildStderr::Inherit => command.stdout(io::stderr()).stderr(Stdio::inherit()),
        ChildStderr::Discard => command.stdout(Stdio::null()).stderr(Stdio::null()),
    };
    let mut child = running
        .start(&mut command, limit.is_some())
        .map_err(|error| DeliveryError::NotDelivered(format!("cannot start the shell: {error}")))?;
    // Dropped at the end of the statement, so that the program gets the end of its input.
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| {
        stdin.write_all(text.expose_secret().as_bytes())
    });
    let perhaps = |why: String| DeliveryError::Unknown(format!("the command {why}: {line}"));
    let status = match limit {
        None => {
            let ended = child.wait();
            running.ended();
            ended
        }
        Some(limit) => match ended_within(limit, child, running) {
            Some(ended) => ended,
            None => {
                return Err(perhaps(format!(
                    "did not finish in {} s and was ended",
                    limit.as_secs()
                )));
            }
        },
    };
    let status = status.map_err(|error| perhaps(error.to_string()))?;
    match (status.success(), written) {
        (true, Ok(())) => Ok(()),
        (true, Err(_)) => Err(perhaps("did not read all of its input".to_owned())),
        (false, _) => Err(perhaps(failed(status))),
    }
}

/// Returns how `child` ended; `None` if it was ended with its children after the time limit.
fn ended_within(
    limit: Duration,
    mut child: Child,
    running: &Running,
) -> Option<io::Result<ExitStatus>> {
    let (sender, ended) = mpsc::channel();
    let seen = running.clone();
    let waiter = thread::spawn(move || {
        let status = child.wait();
        seen.ended();
        // The receiver is gone after the time limit.
        let _ = sender.send(status);
    });
    let outcome = ended.recv_timeout(limit).ok();
    if outcome.is_none() {
        running.give_up();
        let _ = waiter.join();
    }
    outcome
}

/// Ends a process group by its leader.
#[cfg(unix)]
fn end(group: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = Pid::from_raw(group.cast_signed()) {
        // It may have just ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Ends a process in the terminal's group: its children get the terminal's signals.
#[cfg(unix)]
fn end_alone(process: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(process) = Pid::from_raw(process.cast_signed()) {
        let _ = kill_process(process, Signal::TERM);
    }
}

#[cfg(windows)]
fn end_alone(process: u32) {
    end(process);
}

/// Ends a process and its children.
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
        write_stdin(
            &line,
            &"S3cret".to_owned().into(),
            ChildStderr::Discard,
            &Running::default(),
        )
        .unwrap();
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
        let error = feed_within(
            &line,
            &"x".to_owned().into(),
            ChildStderr::Discard,
            limit,
            &Running::default(),
        )
        .unwrap_err();
        assert!(
            matches!(&error, DeliveryError::Unknown(why) if why.contains("did not finish in 1 s and was ended")),
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
        let error = write_stdin(
            "exit 7",
            &"x".to_owned().into(),
            ChildStderr::Discard,
            &Running::default(),
        )
        .unwrap_err();
        assert!(
            matches!(&error, DeliveryError::Unknown(why) if why.contains("code 7")),
            "{error:?}"
        );
    }
}
