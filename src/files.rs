//! New files, never over one that is there unless that is asked for: exports, saved screens, delivered secrets.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Who may read a new file, within the user's umask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Nobody but its owner.
    Owner,
    /// Everybody. Only its owner may write to it.
    All,
}

/// A file that was made just now. Unless it is kept it is gone again with this value: half a file is of no use.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    path: PathBuf,
    kept: bool,
}

impl NewFile {
    /// Makes it, empty. A link takes the name, too, and is not followed.
    ///
    /// # Errors
    /// There is one of this name already, or it can't be made.
    pub fn create(path: &Path, readers: Readers) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(
            &mut options,
            match readers {
                Readers::Owner => 0o600,
                Readers::All => 0o644,
            },
        );
        let file = options.open(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                io::Error::new(error.kind(), "there is a file of this name already")
            }
            _ => error,
        })?;
        Ok(Self {
            file,
            path: path.to_owned(),
            kept: false,
        })
    }

    /// Writes what it is to hold, down to the disk.
    ///
    /// # Errors
    /// It is not there, or not all of it.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()
    }

    /// Leaves it where it is.
    pub fn keep(mut self) {
        self.kept = true;
    }

    /// Puts it in the place of `other`, in one step: that name always holds either the old or the new whole.
    ///
    /// # Errors
    /// It can't be renamed; then it is gone, and the other is as it was.
    pub fn replace(mut self, other: &Path) -> io::Result<()> {
        fs::rename(&self.path, other)?;
        self.kept = true;
        Ok(())
    }

    /// Takes it away again.
    ///
    /// # Errors
    /// It may be there still, with what was written.
    pub fn discard(mut self) -> io::Result<()> {
        self.kept = true;
        fs::remove_file(&self.path)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            // Whoever wants to know whether it is gone discards it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// There is one already, or it can't be written. Then no half of it is left.
pub fn write_new(path: &Path, readers: Readers, bytes: &[u8]) -> io::Result<()> {
    let mut file = NewFile::create(path, readers)?;
    file.write(bytes)?;
    file.keep();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export.tf");
        write_new(&path, Readers::All, b"one").unwrap();
        let error = write_new(&path, Readers::All, b"two").unwrap_err();
        assert!(error.to_string().contains("already"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }

    #[test]
    #[cfg(unix)]
    fn its_readers_are_those_it_is_for() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        for (name, readers, never) in [("own", Readers::Owner, 0o177), ("all", Readers::All, 0o133)]
        {
            let path = folder.path().join(name);
            write_new(&path, readers, b"x").unwrap();
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & never, 0, "{name}: {mode:o}");
        }
    }

    #[test]
    fn what_is_not_kept_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("half");
        let mut file = NewFile::create(&path, Readers::Owner).unwrap();
        file.write(b"ha").unwrap();
        drop(file);
        assert!(!path.exists());
        NewFile::create(&path, Readers::Owner)
            .unwrap()
            .discard()
            .unwrap();
        assert!(!path.exists());
    }
}
