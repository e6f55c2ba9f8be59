//! The state file: the whole state as JSON, replaced as a whole, so that a crash leaves either the old one or the new one.
//!
//! It holds client secrets and signing keys in the clear, as a sandbox may, and is readable by its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::shared::unpoisoned;
use super::state::State;

/// Where the state is kept between runs.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// Held while writing, so that an older state never lands on a newer one.
    writing: Mutex<()>,
}

impl StateFile {
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            writing: Mutex::new(()),
        }
    }

    /// What the file holds; `None` where there is none yet.
    ///
    /// # Errors
    /// One that names the file and the place in it, where it is not a state. The file is left as it is.
    pub fn read(&self) -> io::Result<Option<State>> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.explain("cannot read", &error, error.kind())),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            let what = "left as it is, for it does not hold a sandbox's state:";
            self.explain(what, &error, ErrorKind::InvalidData)
        })
    }

    /// Replaces the file by what `state` gives once it is this writer's turn.
    pub fn write(&self, state: impl FnOnce() -> State) -> io::Result<()> {
        let turn = unpoisoned(&self.writing);
        let written = serde_json::to_vec_pretty(&state())
            .map_err(io::Error::from)
            .and_then(|bytes| replace(&self.path, &bytes));
        drop(turn);
        written.map_err(|error| self.explain("cannot write", &error, error.kind()))
    }

    fn explain(&self, what: &str, error: &dyn std::error::Error, kind: ErrorKind) -> io::Error {
        let path = self.path.display();
        io::Error::new(kind, format!("state file {path}: {what} {error}"))
    }
}

/// Writes beside the file, to the disk, then takes its name.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it names no file"))?;
    let mut beside = name.to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = folder.join(beside);
    // What a killed run may have left there would keep its own mode.
    drop(fs::remove_file(&beside));
    let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one to report; what is left over is only litter.
        drop(fs::remove_file(&beside));
    }
    written?;
    sync_folder(folder)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A rename is on the disk once its folder is. Elsewhere than on Unix a folder cannot be opened for that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
