//! The state file: the whole state as JSON, replaced atomically, so that a crash leaves either the old or the new one.
//!
//! It contains client secrets and signing keys in encrypted form (see [`seal`]), and only its owner may read it. The server that
//! uses the file keeps it locked, since two servers would overwrite each other's changes.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::seal::{self, Seal};
use super::shared::unpoisoned;
use super::state::State;

/// The state file of a server.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// Locked while writing, so that an older state never replaces a newer one.
    hold: Mutex<Hold>,
    seal: Seal,
}

#[derive(Debug)]
enum Hold {
    /// The file does not exist yet.
    Nothing,
    /// The file, which holds its lock.
    Locked { _file: File },
    /// The file is free for another server.
    LetGo,
}

impl StateFile {
    /// Locks the file for this server and returns its state; `None` if it does not exist yet.
    ///
    /// # Errors
    /// Another server uses the file; or it is not a state, and the error names the place in it. The file stays unchanged.
    pub fn open(path: &Path) -> io::Result<(Self, Option<State>)> {
        // Through a link, the target is replaced and not the link.
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

    /// Replaces the file with the result of `state`, called when it is this writer's turn. Does nothing after the file was
    /// released.
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

    /// Releases the file for another server. Later writes do nothing.
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

/// Without file locks nothing can protect the file, which is no reason to fail.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            ErrorKind::ResourceBusy,
            "another sandbox keeps its state there",
        )),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Removes temporary files of killed servers. One that cannot be removed does no harm.
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

/// Writes a temporary file, syncs it to the disk, and renames it. Returns the new file, locked.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let folder = folder(path);
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it names no file"))?;
    let mut temporary = name.to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = folder.join(temporary);
    // A file left by a killed run would keep its own mode.
    drop(fs::remove_file(&temporary));
    let written = write_new(&temporary, bytes).and_then(|file| {
        fs::rename(&temporary, path)?;
        Ok(file)
    });
    if written.is_err() {
        // The first error is reported; the leftover file does no harm.
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

/// Syncs the folder: only then is a rename on the disk. Only Unix can open a folder for that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
