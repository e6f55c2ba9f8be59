//! The state file: the whole state as JSON, replaced as a whole, so that a crash leaves either the old one or the new one.
//!
//! Client secrets and signing keys are sealed in it (see [`seal`]), and only its owner may read it. The file under its name is
//! always locked by the server that keeps it, since two would lose each other's changes.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::seal::{self, Seal};
use super::shared::unpoisoned;
use super::state::State;

/// Where the state is kept between runs.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// Locked while writing, so that an older state never lands on a newer one.
    hold: Mutex<Hold>,
    seal: Seal,
}

#[derive(Debug)]
enum Hold {
    /// There is no file under the name yet.
    Nothing,
    /// The file under the name, whose lock goes with it.
    Locked { _file: File },
    /// The file belongs to whoever comes next.
    LetGo,
}

impl StateFile {
    /// Takes the file for this server, and what it holds; `None` where there is none yet.
    ///
    /// # Errors
    /// Another server keeps its state there; or it is not a state, and the error names the place in it. The file is left as
    /// it is.
    pub fn open(path: &Path) -> io::Result<(Self, Option<State>)> {
        // Through a link, it is the file that is replaced and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let key = seal::key_path(&path);
        let as_it_is = |error| explain(&path, "left as it is", &error);
        let (hold, kept, state) = match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                (Hold::Nothing, Seal::kept(&key).map_err(as_it_is)?, None)
            }
            opened => {
                let file = opened.map_err(|error| explain(&path, "cannot read", &error))?;
                let mut state = take(&file).map_err(as_it_is)?;
                let kept = Seal::kept(&key).map_err(as_it_is)?;
                seal::open(&mut state, kept.as_ref(), &key).map_err(as_it_is)?;
                sweep(&path);
                (Hold::Locked { _file: file }, kept, Some(state))
            }
        };
        let seal = match kept {
            Some(seal) => seal,
            None => Seal::make(&key).map_err(|error| explain(&path, "cannot seal", &error))?,
        };
        let hold = Mutex::new(hold);
        Ok((Self { path, hold, seal }, state))
    }

    /// Replaces the file by what `state` gives once it is this writer's turn. Does nothing once the file is let go.
    pub fn write(&self, state: impl FnOnce() -> State) -> io::Result<()> {
        let mut hold = unpoisoned(&self.hold);
        if matches!(*hold, Hold::LetGo) {
            return Ok(());
        }
        let file = self
            .sealed(state())
            .and_then(|bytes| replace(&self.path, &bytes))
            .map_err(|error| explain(&self.path, "cannot write", &error))?;
        *hold = Hold::Locked { _file: file };
        Ok(())
    }

    fn sealed(&self, mut state: State) -> io::Result<Vec<u8>> {
        self.seal.close(&mut state)?;
        Ok(serde_json::to_vec_pretty(&state)?)
    }

    /// Leaves the file to the next server. Who writes late writes nothing.
    pub fn let_go(&self) {
        *unpoisoned(&self.hold) = Hold::LetGo;
    }
}

/// Locks the file and reads it.
fn take(mut file: &File) -> io::Result<State> {
    lock(file)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let text = format!("it does not hold a sandbox's state: {error}");
        io::Error::new(ErrorKind::InvalidData, text)
    })
}

/// Where files have no locks there is nothing to guard them with, and no reason to refuse to work.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            ErrorKind::ResourceBusy,
            "another sandbox keeps its state there",
        )),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Removes what killed servers were writing beside the file. What cannot be removed harms nobody.
fn sweep(path: &Path) {
    let name = path.file_name().and_then(OsStr::to_str);
    let (Some(name), Ok(entries)) = (name, fs::read_dir(folder(path))) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|temporary| {
            let id = temporary
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".tmp"));
            id.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
        });
        if is_ours {
            drop(fs::remove_file(entry.path()));
        }
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn explain(path: &Path, what: &str, error: &io::Error) -> io::Error {
    let path = path.display();
    io::Error::new(error.kind(), format!("state file {path}: {what}: {error}"))
}

/// Writes beside the file, to the disk, then takes its name. What it gives is the new file, locked.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let folder = folder(path);
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it names no file"))?;
    let mut temporary = name.to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = folder.join(temporary);
    // What a killed run may have left there would keep its own mode.
    drop(fs::remove_file(&temporary));
    let written = write_new(&temporary, bytes).and_then(|file| {
        fs::rename(&temporary, path)?;
        Ok(file)
    });
    if written.is_err() {
        // The first error is the one to report; what is left over is only litter.
        drop(fs::remove_file(&temporary));
    }
    let file = written?;
    sync_folder(folder)?;
    Ok(file)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = seal::new_file(path)?;
    lock(&file)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(file)
}

/// A rename is on the disk once its folder is. Elsewhere than on Unix a folder cannot be opened for that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
