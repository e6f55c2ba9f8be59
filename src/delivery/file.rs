//! Delivers a secret to a file.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::about_file;
use crate::domain::delivery::destination::{DeliveryError, Overwrite};
use crate::domain::delivery::formats;
use crate::files::{NewFile, Readers};

/// Far larger than credentials.
const LARGEST: u64 = 64 * 1024;

/// Writes a file that only its owner can read, and reads it back. Removes an incomplete file. Replaces an existing file as a whole if
/// `over` permits.
pub(super) fn write(
    path: &Path,
    text: &SecretString,
    over: Overwrite,
) -> Result<(), DeliveryError> {
    let not_delivered = |error: io::Error| DeliveryError::NotDelivered(about_file(path, &error));
    let (file, place) = match NewFile::create(path, Readers::Owner) {
        Ok(file) => (file, None),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            check_overwrite(path, over)?;
            let temporary = temporary_path(path);
            let file = NewFile::create(&temporary, Readers::Owner).map_err(not_delivered)?;
            (file, Some(path))
        }
        Err(error) => return Err(not_delivered(error)),
    };
    fill(file, place, text).map_err(|(error, gone)| {
        if gone {
            not_delivered(error)
        } else {
            DeliveryError::Unknown(about_file(path, &error))
        }
    })?;
    let perhaps = |why: String| DeliveryError::Unknown(format!("{}: {why}", path.display()));
    let back = read(path).map_err(|error| perhaps(format!("cannot read it back: {error}")))?;
    if *back == text.expose_secret() {
        Ok(())
    } else {
        Err(perhaps(
            "its content differs from what was written".to_owned(),
        ))
    }
}

/// Writes the text to a new file, or replaces another. On an error, says whether anything is left.
fn fill(
    mut file: NewFile,
    place: Option<&Path>,
    text: &SecretString,
) -> Result<(), (io::Error, bool)> {
    if let Err(error) = file.write(text.expose_secret().as_bytes()) {
        let gone = file.discard().is_ok();
        return Err((error, gone));
    }
    match place {
        None => file.keep(),
        Some(place) => file.replace(place).map_err(|error| (error, true))?,
    }
    Ok(())
}

/// Returns a temporary name in the same directory.
fn temporary_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}", fastrand::u64(..)));
    path.with_file_name(name)
}

/// Checks `path` before the client is known: it must be free or hold credentials of a client, and its folder must take files.
pub(super) fn check(path: &Path, replace: bool) -> Result<(), DeliveryError> {
    if let Some(kept) = read_existing(path)?
        && !replace
        && formats::client_of(&kept.map_err(|error| unreadable(path, &error))?).is_none()
    {
        let what = "something other than an app client's credentials";
        return Err(occupied(path, what));
    }
    // Only a write shows whether a folder takes one.
    NewFile::create(&temporary_path(path), Readers::Owner)
        .and_then(NewFile::discard)
        .map_err(|error| DeliveryError::NotDelivered(about_file(path, &error)))
}

/// Checks that the path is free or that `over` permits to replace it.
pub(super) fn check_overwrite(path: &Path, over: Overwrite) -> Result<(), DeliveryError> {
    match read_existing(path)? {
        Some(_) if over == Overwrite::Anything => Ok(()),
        Some(Ok(kept)) => over.permits(&kept).map_err(|what| occupied(path, &what)),
        Some(Err(error)) => Err(unreadable(path, &error)),
        None => Ok(()),
    }
}

fn occupied(path: &Path, what: &str) -> DeliveryError {
    let path = path.display();
    DeliveryError::Occupied(format!("{path} already exists and holds {what}"))
}

/// An unreadable file may hold anything, also this client's credentials.
fn unreadable(path: &Path, error: &io::Error) -> DeliveryError {
    let path = path.display();
    DeliveryError::Occupied(format!(
        "{path} already exists, and its content cannot be read: {error}"
    ))
}

/// The content of an existing file, if readable; `None` if there is none. A link, directory or device is never replaced.
fn read_existing(path: &Path) -> Result<Option<io::Result<Zeroizing<String>>>, DeliveryError> {
    match path.symlink_metadata() {
        Ok(found) if found.is_file() => Ok(Some(read(path))),
        Ok(_) => {
            let path = path.display();
            let words = format!("{path} already exists and is not a regular file");
            Err(DeliveryError::NotDelivered(words))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DeliveryError::NotDelivered(about_file(path, &error))),
    }
}

fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::ids::ClientId;

    const OURS: &str = r#"{"client_id":"ours","client_secret":"first"}"#;

    fn write_over(path: &Path, text: &str, replace: bool) -> Result<(), DeliveryError> {
        let client = ClientId::new("ours");
        let over = if replace {
            Overwrite::Anything
        } else {
            Overwrite::Client(&client)
        };
        write(path, &text.to_owned().into(), over)
    }

    #[test]
    #[cfg(unix)]
    fn the_file_is_its_owners_alone_and_replaced_only_for_the_same_client() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        assert_eq!(check(&path, false), Ok(()));
        write_over(&path, OURS, false).unwrap();
        // Its permissions were set by someone else.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(check(&path, false), Ok(()));
        let newer = OURS.replace("first", "second");
        write_over(&path, &newer, false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), newer);
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for other in [&OURS.replace("ours", "theirs"), "somebody's", ""] {
            fs::write(&path, other).unwrap();
            let refused = write_over(&path, OURS, false).unwrap_err();
            assert!(matches!(refused, DeliveryError::Occupied(_)), "{refused:?}");
            assert_eq!(&fs::read_to_string(&path).unwrap(), other);
            assert_eq!(check(&path, true), Ok(()));
            write_over(&path, OURS, true).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), OURS);
        }
        // No temporary file is left.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_clients_is_seen_before_a_client_is_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "somebody's").unwrap();
        let refused = check(&path, false).unwrap_err();
        assert!(matches!(refused, DeliveryError::Occupied(_)), "{refused:?}");
        assert!(check(folder.path(), true).is_err(), "a folder");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_called_somebody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        // Too large to be read.
        let large = " ".repeat(usize::try_from(LARGEST).unwrap()) + OURS;
        fs::write(&path, &large).unwrap();
        for refused in [check(&path, false), write_over(&path, OURS, false)] {
            let Err(DeliveryError::Occupied(words)) = refused else {
                panic!("{refused:?}");
            };
            assert!(words.contains("cannot be read"), "{words}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), large);
        assert_eq!(check(&path, true), Ok(()));
        write_over(&path, OURS, true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), OURS);
    }

    #[test]
    #[cfg(unix)]
    fn a_path_is_free_only_if_nothing_is_there_and_its_folder_takes_files() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("x".repeat(300));
        let client = ClientId::new("ours");
        for over in [Overwrite::Anything, Overwrite::Client(&client)] {
            let refused = check_overwrite(&long, over);
            assert!(
                matches!(refused, Err(DeliveryError::NotDelivered(_))),
                "{refused:?}"
            );
        }
        #[cfg(target_os = "linux")]
        for replace in [false, true] {
            let refused = check(Path::new("/proc/secret"), replace);
            assert!(
                matches!(refused, Err(DeliveryError::NotDelivered(_))),
                "{refused:?}"
            );
        }
        // A check leaves nothing behind.
        assert_eq!(check(&folder.path().join("secret"), false), Ok(()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_not_followed_and_a_folder_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        let aim = folder.path().join("aim");
        std::os::unix::fs::symlink(&aim, &link).unwrap();
        for replace in [false, true] {
            assert!(check(&link, replace).is_err());
            assert!(write_over(&link, OURS, replace).is_err());
        }
        assert!(!aim.exists());
        fs::write(&aim, OURS).unwrap();
        assert!(write_over(&link, OURS, true).is_err());
        assert!(check(&folder.path().join("no/file"), false).is_err());
        assert!(check(&link.join("file"), false).is_err());
    }
}
