//! Notices that the terminal is gone: its window was closed, or the connection behind it.
//!
//! The system's SIGHUP does not suffice: crossterm reads a terminal that is gone over and over, as if more could come, and the
//! loop that would hear of the signal may be the one that is caught in there. So the first to notice also puts a silent input in
//! the terminal's place, which crossterm can wait for.

use std::os::unix::net::UnixStream;
use std::{io, thread};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::stdio::dup2_stdin;
use tokio::sync::oneshot;

/// Resolves when the terminal on the standard input is gone; never, where the system cannot tell.
pub async fn gone() {
    let (sender, gone) = oneshot::channel();
    // Nothing but the hang-up wakes this thread, and the program's end ends it.
    thread::spawn(move || {
        if let Ok(_silence) = wait_and_silence() {
            // The loop may have ended for another reason.
            let _ = sender.send(());
            // The silence lasts as long as its other end.
            thread::park();
        }
    });
    if gone.await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Returns the far end of the silent input, once it is in place.
fn wait_and_silence() -> io::Result<UnixStream> {
    let input = io::stdin();
    // A hang-up is reported whether it was asked for or not, and keys are not.
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
