//! A new file for a secret.

use std::io;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::about_file;
use crate::domain::destination::Undelivered;
use crate::files::{NewFile, Readers};

/// Writes a file that was not there before and that only its owner may read. What could not be written whole is removed again.
pub(super) fn write(path: &Path, text: &SecretString) -> Result<(), Undelivered> {
    let nobody = |error: io::Error| Undelivered::Nobody(about_file(path, &error));
    let mut file = NewFile::create(path, Readers::Owner).map_err(nobody)?;
    match file.write(text.expose_secret().as_bytes()) {
        Ok(()) => {
            file.keep();
            Ok(())
        }
        Err(error) => Err(match file.discard() {
            Ok(()) => nobody(error),
            Err(_) => Undelivered::Perhaps(about_file(path, &error)),
        }),
    }
}

/// Whether the name is free, and there is a directory for it.
pub(super) fn check(path: &Path) -> Result<(), String> {
    // A link that leads nowhere takes the name, too.
    if path.symlink_metadata().is_ok() {
        return Err(about_file(path, &io::ErrorKind::AlreadyExists.into()));
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    match parent.unwrap_or(Path::new(".")).metadata() {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(about_file(path, &io::ErrorKind::NotADirectory.into())),
        Err(error) => Err(about_file(path, &error)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    #[cfg(unix)]
    fn the_file_is_new_and_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        assert_eq!(check(&path), Ok(()));
        write(&path, &"first".to_owned().into()).unwrap();
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(check(&path).unwrap_err().contains("is there already"));
        let again = write(&path, &"second".to_owned().into()).unwrap_err();
        assert!(matches!(again, Undelivered::Nobody(_)), "{again:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_not_followed_and_a_folder_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        let aim = folder.path().join("aim");
        std::os::unix::fs::symlink(&aim, &link).unwrap();
        assert!(check(&link).is_err());
        assert!(write(&link, &"x".to_owned().into()).is_err());
        assert!(!aim.exists());
        assert!(check(&folder.path().join("no/file")).is_err());
        assert!(check(&link.join("file")).is_err());
    }
}
