//! Saved screens: a text and an SVG file, never overwriting an older one.

use std::io;
use std::path::Path;

use crate::app::message::Screenshot;
use crate::domain::time::Timestamp;
use crate::files::{NewFile, Readers};

/// Writes both files into `folder`, named after `now`, readable only by their owner. Returns their paths, for the notice.
pub fn save(folder: &Path, picture: &Screenshot, now: Timestamp) -> Result<String, String> {
    let name: String = now
        .utc()
        .chars()
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            ' ' => Some('-'),
            _ => None,
        })
        .collect();
    let name = format!("cognitui-{}", name.trim_end_matches('-'));
    let text = folder.join(format!("{name}.txt"));
    let svg = folder.join(format!("{name}.svg"));
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| format!("{path}: {error}")
    };
    // Neither file is kept until both are written.
    let mut text_file = NewFile::create(&text, Readers::Owner).map_err(failed(&text))?;
    let mut svg_file = NewFile::create(&svg, Readers::Owner).map_err(failed(&svg))?;
    text_file
        .write(picture.text.as_bytes())
        .map_err(failed(&text))?;
    svg_file
        .write(picture.svg.as_bytes())
        .map_err(failed(&svg))?;
    text_file.keep();
    svg_file.keep();
    Ok(format!("{} and .svg", text.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_screen_is_the_owners_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let picture = Screenshot {
            text: "words".to_owned(),
            svg: "<svg/>".to_owned(),
        };
        let now = Timestamp::from_seconds(1_795_273_445);
        let said = save(folder.path(), &picture, now).unwrap();
        let path = folder.path().join("cognitui-20261121-150405.txt");
        assert_eq!(said, format!("{} and .svg", path.display()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "words");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let error = save(folder.path(), &picture, now).unwrap_err();
        assert!(error.contains("cognitui-20261121-150405.txt"), "{error}");
    }

    #[test]
    fn half_a_save_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let picture = Screenshot {
            text: "words".to_owned(),
            svg: "<svg/>".to_owned(),
        };
        let now = Timestamp::from_seconds(1_795_273_445);
        let name = |end: &str| {
            folder
                .path()
                .join(format!("cognitui-20261121-150405.{end}"))
        };
        std::fs::write(name("svg"), "a drawing").unwrap();
        assert!(save(folder.path(), &picture, now).is_err());
        assert!(!name("txt").exists());
        assert_eq!(std::fs::read_to_string(name("svg")).unwrap(), "a drawing");
    }
}
