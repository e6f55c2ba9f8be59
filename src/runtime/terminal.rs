//! The real terminal: raw mode at the start, restored however the program ends.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::panic;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui_crossterm::CrosstermBackend;

/// One frame is written in one call if the kernel allows it.
const FRAME_BUFFER: usize = 64 * 1024;

/// The terminal's backend.
pub type Screen = CrosstermBackend<BufWriter<Stdout>>;

static TAKEN: AtomicBool = AtomicBool::new(false);

/// Keeps the terminal in raw mode on the alternate screen; dropping it restores the terminal.
#[derive(Debug)]
pub struct TerminalGuard(());

/// Switches the terminal to raw mode and the alternate screen. From then on, a panic in any thread restores the terminal before
/// its report is printed, and ends the program: after a task has panicked, the console would show outdated data.
///
/// # Errors
/// Input or output is not a terminal, even if a terminal exists: keys from a file or a screen in a pipe are useless.
pub fn open() -> io::Result<(Screen, TerminalGuard)> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let reason = "input and output must both be a terminal, not a pipe or a file";
        return Err(io::Error::new(io::ErrorKind::Unsupported, reason));
    }
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let was_taken = give_back();
        report(info);
        if was_taken {
            std::process::exit(101);
        }
    }));
    // In one write with the first frame: a terminal that reads the control sequences first may take a while until it reads more.
    let mut out = BufWriter::with_capacity(FRAME_BUFFER, io::stdout());
    enter(&mut out)?;
    let guard = TerminalGuard(());
    Ok((CrosstermBackend::new(out), guard))
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal to the shell until the user resumes the console (`fg`), then takes it again. The whole process group stops,
/// as with Ctrl-Z in any program: a parent such as `cargo run` must stop too, or the shell would keep waiting for it.
pub fn suspend() -> io::Result<()> {
    give_back();
    #[cfg(unix)]
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    enter(&mut io::stdout())
}

/// Gives the terminal to a program until it ends, then takes it again. Why it failed, where it did. Of the words none is
/// from outside but the name of a profile, and the parser of AWS's files lets no control character into one.
///
/// # Errors
/// The terminal cannot be taken again.
pub fn run(words: &[String]) -> io::Result<Result<(), String>> {
    give_back();
    let line = words.join(" ");
    let outcome = match words.split_first() {
        Some((program, arguments)) => Command::new(program).args(arguments).status(),
        None => Err(io::ErrorKind::InvalidInput.into()),
    };
    let outcome = match outcome {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            // The program has said why, and the console would cover it.
            let mut out = io::stdout();
            let _ = writeln!(
                out,
                "cognitui: {line} failed ({status}). Press Enter to go back."
            );
            let _ = out.flush();
            let _ = io::stdin().read_line(&mut String::new());
            Err(format!("{line} failed ({status})"))
        }
        Err(error) => Err(format!("{line} cannot be run: {error}")),
    };
    enter(&mut io::stdout())?;
    Ok(outcome)
}

/// Written with the next frame, so that no empty screen appears.
fn enter(out: &mut impl Write) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    queue!(
        out,
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange
    )
}

/// Restores the terminal, best effort: a failure cannot be shown any more. Returns whether the terminal was in use.
fn give_back() -> bool {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return false;
    }
    let mut out = io::stdout();
    let _ = execute!(
        out,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
    let _ = out.flush();
    true
}

/// How the system ends the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// SIGINT: Ctrl-C was pressed.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP, or the terminal is gone: its window was closed.
    HangUp,
}

impl Stop {
    /// Returns the program's exit code after this.
    pub fn code(self) -> u8 {
        match self {
            Self::HangUp => 129,
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }

    /// Returns whether to end at once. After Ctrl-C the user can press it again.
    pub fn is_at_once(self) -> bool {
        self != Self::Interrupt
    }
}

/// Receives the system's requests to end the program. Once created, these signals no longer end the program by themselves.
pub struct Stops {
    #[cfg(unix)]
    streams: Vec<(Stop, tokio::signal::unix::Signal)>,
}

impl Stops {
    /// Listens from now on. Call it inside the async runtime.
    pub fn listen() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let signals = [
                (Stop::Terminate, SignalKind::terminate()),
                (Stop::HangUp, SignalKind::hangup()),
                (Stop::Interrupt, SignalKind::interrupt()),
            ];
            let streams = signals
                .into_iter()
                .filter_map(|(stop, kind)| Some((stop, signal(kind).ok()?)));
            Self {
                streams: streams.collect(),
            }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Waits for the next request.
    pub async fn next(&mut self) -> Stop {
        #[cfg(unix)]
        {
            if self.streams.is_empty() {
                return std::future::pending().await;
            }
            let waits = self.streams.iter_mut().map(|(stop, stream)| {
                Box::pin(async {
                    stream.recv().await;
                    *stop
                })
            });
            let (stop, ..) = futures_util::future::select_all(waits).await;
            stop
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
            Stop::Interrupt
        }
    }

    /// Waits for the next request, or until the terminal is gone.
    pub async fn next_or_gone(&mut self) -> Stop {
        #[cfg(unix)]
        tokio::select! {
            stop = self.next() => stop,
            () = super::hangup::gone() => Stop::HangUp,
        }
        #[cfg(not(unix))]
        self.next().await
    }
}
