//! The AWS CLI's cache of role sessions, so that a code of an MFA device is asked for once in a session, whichever tool asks.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_sdk_sts::types::AssumedRoleUser;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde_json::{Value, json};

use super::files::in_home;
use super::shape::Role;

/// A session that ends within this time is not used.
const SPARE: Duration = Duration::from_mins(1);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Cached {
    credentials: CachedKeys,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CachedKeys {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: String,
}

/// The cached session of a role that needs a code, if it is still good.
pub fn read(role: &Role) -> Option<Credentials> {
    role.mfa_serial.as_ref()?;
    read_in(&folder(), role, SystemTime::now())
}

/// Caches the session of a role that needs a code. A cache that cannot be written only means that the code is asked for again.
pub fn write(role: &Role, session: &Credentials, user: Option<&AssumedRoleUser>) {
    if role.mfa_serial.is_none() {
        return;
    }
    if let Err(error) = write_in(&folder(), role, session, user) {
        tracing::warn!(%error, "the role's session is not cached");
    }
}

fn folder() -> PathBuf {
    in_home(".aws/cli/cache")
}

fn read_in(folder: &Path, role: &Role, now: SystemTime) -> Option<Credentials> {
    let text = Zeroizing::new(fs::read(folder.join(file_name(role))).ok()?);
    let Cached { credentials } = serde_json::from_slice(&text).ok()?;
    // The AWS CLI writes `2026-11-28T07:30:00UTC`.
    let end = credentials.expiration.replace("UTC", "Z");
    let end = DateTime::from_str(&end, Format::DateTimeWithOffset).ok()?;
    let end = SystemTime::try_from(end).ok()?;
    (end > now + SPARE).then(|| {
        Credentials::new(
            credentials.access_key_id,
            credentials.secret_access_key,
            Some(credentials.session_token),
            Some(end),
            "role",
        )
    })
}

fn write_in(
    folder: &Path,
    role: &Role,
    session: &Credentials,
    user: Option<&AssumedRoleUser>,
) -> io::Result<()> {
    let Some(end) = session.expiry() else {
        return Ok(());
    };
    let end = DateTime::from(end)
        .fmt(Format::DateTime)
        .map_err(io::Error::other)?;
    let user =
        user.map(|user| json!({ "AssumedRoleId": user.assumed_role_id(), "Arn": user.arn() }));
    // The account is the fifth part of the ARN.
    let arn = user.as_ref().and_then(|user| user.get("Arn")?.as_str());
    let account = arn.and_then(|arn| arn.split(':').nth(4)).map(str::to_owned);
    let text = json!({
        "Credentials": {
            "AccessKeyId": session.access_key_id(),
            "SecretAccessKey": session.secret_access_key(),
            "SessionToken": session.session_token(),
            "Expiration": end,
            "AccountId": account,
        },
        "AssumedRoleUser": user,
    });
    let text = Zeroizing::new(text.to_string());
    make_folder(folder)?;
    let name = file_name(role);
    // Next to the target, and under a name of this process, so that no reader sees half of it.
    let part = folder.join(format!("{name}.{}.tmp", std::process::id()));
    let written = private_file(&part).and_then(|mut file| file.write_all(text.as_bytes()));
    let moved = written.and_then(|()| fs::rename(&part, folder.join(name)));
    if moved.is_err() {
        // What is left of it may hold a secret.
        let _ = fs::remove_file(&part);
    }
    moved
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new file that only its owner may read.
fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The file's name: the SHA-1 of the call's arguments, as the AWS CLI's Python writes them in JSON.
fn file_name(role: &Role) -> String {
    let text = |value: &Option<String>| value.as_deref().map(Value::from);
    // In the order of the alphabet.
    let arguments = [
        ("DurationSeconds", role.duration.map(Value::from)),
        ("ExternalId", text(&role.external_id)),
        ("RoleArn", Some(role.arn.as_str().into())),
        ("RoleSessionName", text(&role.session_name)),
        ("SerialNumber", text(&role.mfa_serial)),
    ];
    let given = arguments
        .into_iter()
        .filter_map(|(name, value)| Some(format!("\"{name}\": {}", value?)));
    let joined = given.collect::<Vec<_>>().join(", ");
    let mut name = String::new();
    for byte in digest(
        &SHA1_FOR_LEGACY_USE_ONLY,
        ascii(&format!("{{{joined}}}")).as_bytes(),
    )
    .as_ref()
    {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + ".json"
}

/// JSON in which Python escapes what is not ASCII.
fn ascii(json: &str) -> String {
    let mut units = [0; 2];
    json.chars().fold(String::new(), |mut text, c| {
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role() -> Role {
        Role {
            profile: "team".to_owned(),
            arn: "arn:aws:iam::111111111111:role/r".to_owned(),
            external_id: None,
            session_name: None,
            mfa_serial: Some("arn:aws:iam::111111111111:mfa/me".to_owned()),
            duration: None,
        }
    }

    #[test]
    fn the_names_are_those_of_the_aws_cli() {
        // The output of `sha1(json.dumps(arguments, sort_keys=True).encode())` in Python.
        assert_eq!(
            file_name(&role()),
            "e3655e373a197380c9e990d93dbe859b2a829a86.json"
        );
        let full = Role {
            external_id: Some("söß 𝄞\"".to_owned()),
            session_name: Some("me".to_owned()),
            duration: Some(3600),
            ..role()
        };
        assert_eq!(
            file_name(&full),
            "df01059a750214ae51ce5c2e4942a6cf576658ed.json"
        );
    }

    #[test]
    fn a_session_is_read_as_it_was_written_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("cli/cache");
        let end = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        let session = Credentials::new(
            "ASIA",
            "secret",
            Some("token".to_owned()),
            Some(end),
            "role",
        );
        write_in(&folder, &role(), &session, None).unwrap();
        let at = |before| read_in(&folder, &role(), end - Duration::from_secs(before));
        let found = at(61).unwrap();
        assert_eq!(found.access_key_id(), "ASIA");
        assert_eq!(found.session_token(), Some("token"));
        assert_eq!(found.expiry(), Some(end));
        assert!(at(60).is_none());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&folder.join(file_name(&role()))), 0o600);
            assert_eq!(mode(&folder), 0o700);
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        // As the AWS CLI writes it.
        let text = r#"{"Credentials": {"AccessKeyId": "ASIACLI", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2027-01-15T08:00:00UTC"}}"#;
        fs::write(folder.join(file_name(&role())), text).unwrap();
        assert_eq!(at(61).unwrap().access_key_id(), "ASIACLI");
    }
}
