//! A program that takes a secret on its standard input.

use std::io::{self, Write};
use std::process::{Command, ExitStatus, Stdio};

use secrecy::{ExposeSecret, SecretString};

use super::{Undelivered, Voice};

/// Runs `line` in the system's shell and writes the secret to its standard input. Arguments and environment, which other processes
/// can read, hold nothing of it.
pub(super) fn feed(line: &str, text: &SecretString, voice: Voice) -> Result<(), Undelivered> {
    let mut command = shell(line);
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
    let status = child.wait().map_err(|error| perhaps(error.to_string()))?;
    match (status.success(), written) {
        (true, Ok(())) => Ok(()),
        (true, Err(_)) => Err(perhaps("did not read its input to the end".to_owned())),
        (false, _) => Err(perhaps(failed(status))),
    }
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
    fn a_command_that_fails_may_have_got_it() {
        let error = feed("exit 7", &"x".to_owned().into(), Voice::Mute).unwrap_err();
        assert!(
            matches!(&error, Undelivered::Perhaps(why) if why.contains("code 7")),
            "{error:?}"
        );
    }
}
