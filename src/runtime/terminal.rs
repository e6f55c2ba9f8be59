//! The real terminal: taken over at the start, given back however the program ends.

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

/// The bytes of one frame are written in one call where the kernel allows it.
const FRAME_BUFFER: usize = 64 * 1024;

/// What draws on the terminal.
pub type Screen = CrosstermBackend<BufWriter<Stdout>>;

static TAKEN: AtomicBool = AtomicBool::new(false);

/// Holds the terminal in raw mode on the alternate screen; dropping it gives the terminal back.
#[derive(Debug)]
pub struct TerminalGuard(());

/// Takes the terminal over. From here on a panic anywhere gives it back before the report is printed, and ends the program:
/// a console whose task has died would show things that no longer hold.
///
/// # Errors
/// Input or output is no terminal, though one may be at hand: keys from a file or a screen in a pipe would be of no use.
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
    // In one piece with the first frame: a terminal that has read what comes before it may take its time to be ready for more.
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

/// Gives the terminal to the shell until the user comes back (`fg`), then takes it again. The whole process group stops, as it
/// does for Ctrl-Z in any program: `cargo run` in front of us must stop too, or the shell would go on waiting for it.
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

/// The next frame includes these, so that no empty screen is shown.
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

/// Best effort: a failure cannot be shown any more. True where the terminal was ours.
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

/// How the system asks the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// SIGINT: Ctrl-C was pressed.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP, or the terminal is gone: the window was closed.
    HangUp,
}

impl Stop {
    /// The exit code of a program that ends for it.
    pub fn code(self) -> u8 {
        match self {
            Self::HangUp => 129,
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }

    /// Whether to end at once. After Ctrl-C the user can press it again.
    pub fn is_at_once(self) -> bool {
        self != Self::Interrupt
    }
}

/// Hears whenever the system asks the program to end. From when it is made, no such signal ends the program by itself any more.
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

    /// The next request.
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

    /// The next request, or that there is no terminal any more.
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
