//! Notices that the terminal is gone: its window was closed, or its connection has ended.
//!
//! SIGHUP is not enough: crossterm reads a lost terminal in a busy loop, and the event loop that would handle the signal may be
//! inside that call. So this module also replaces the terminal with a silent input, on which crossterm can wait.

use std::os::unix::net::UnixStream;
use std::{io, thread};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::stdio::dup2_stdin;
use tokio::sync::oneshot;

/// Resolves when the terminal on the standard input is gone; never, if the system cannot tell.
pub async fn gone() {
    let (sender, gone) = oneshot::channel();
    // Only the hang-up wakes this thread; it ends with the program.
    thread::spawn(move || {
        if let Ok(_silence) = wait_and_silence() {
            // The loop may have ended for another reason.
            let _ = sender.send(());
            // The input stays silent as long as its other end is open.
            thread::park();
        }
    });
    if gone.await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Waits for the hang-up, replaces the input, and returns the other end of the silent input.
fn wait_and_silence() -> io::Result<UnixStream> {
    let input = io::stdin();
    // A hang-up is reported even if no events are requested; keys are not.
    let mut watched = [PollFd::new(&input, PollFlags::empty())];
    loop {
        match poll(&mut watched, None) {
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if !watched
        .iter()
        .any(|fd| fd.revents().contains(PollFlags::HUP))
    {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let (near, far) = UnixStream::pair()?;
    near.set_nonblocking(true)?;
    dup2_stdin(near)?;
    Ok(far)
}
