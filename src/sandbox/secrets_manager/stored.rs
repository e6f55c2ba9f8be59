//! The data of a secret in Secrets Manager: plain, because it is part of the state file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The label of the version that a reader gets by default.
pub const CURRENT: &str = "AWSCURRENT";
/// The label of the version that was current before.
pub const PREVIOUS: &str = "AWSPREVIOUS";
/// The label of the version that a rotation creates.
pub const PENDING: &str = "AWSPENDING";

/// Most versions of a secret; the oldest without a label are deleted first.
const VERSIONS: usize = 100;
const DAY: u64 = 86_400;

/// A secret in Secrets Manager.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stored {
    pub arn: String,
    pub name: String,
    pub description: Option<String>,
    pub kms_key: Option<String>,
    pub tags: BTreeMap<String, String>,
    /// Epoch seconds, as are all dates here.
    pub created: f64,
    pub changed: f64,
    /// The midnight before it was last read.
    pub accessed: Option<f64>,
    /// When it is deleted, if its deletion is scheduled.
    pub deletion: Option<f64>,
    /// In the order of creation.
    pub versions: Vec<Version>,
    pub rotation: Option<Rotation>,
    /// The app client with this secret, if Cognito manages it.
    pub owner: Option<Owner>,
}

/// A value that the secret has or had.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Version {
    pub id: String,
    pub created: f64,
    pub stages: BTreeSet<String>,
    /// `None` if a rotation announced the version and failed to create it.
    pub content: Option<Content>,
}

/// The secret value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    Text(String),
    /// In base64, as on the wire.
    Binary(String),
}

/// The app client that a managed secret belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub pool: String,
    pub client: String,
}

/// When a secret is rotated, and when it was last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rotation {
    pub enabled: bool,
    pub schedule: Schedule,
    pub last: Option<f64>,
    /// When the next rotation is due; `None` while rotation is off.
    pub next: Option<f64>,
}

/// The interval of rotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Schedule {
    /// `AutomaticallyAfterDays`.
    AfterDays(u32),
    /// `rate(n hours)`.
    RateInHours(u32),
    /// `rate(n days)`.
    RateInDays(u32),
}

impl Schedule {
    /// Returns the time between two rotations.
    pub fn period(self) -> Duration {
        Duration::from_secs(match self {
            Self::AfterDays(days) | Self::RateInDays(days) => u64::from(days) * DAY,
            Self::RateInHours(hours) => u64::from(hours) * 3600,
        })
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(..)",
            Self::Binary(_) => "Binary(..)",
        })
    }
}

impl Stored {
    /// Returns the version with this id.
    pub fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }

    /// Returns the version with this label.
    pub fn labelled(&self, stage: &str) -> Option<&Version> {
        self.versions
            .iter()
            .find(|version| version.stages.contains(stage))
    }

    /// Returns a version that a rotation announced and did not make current.
    pub fn unfinished(&self) -> Option<&Version> {
        self.labelled(PENDING)
            .filter(|version| !version.stages.contains(CURRENT))
    }

    /// Stores a value under an id, possibly an announced one, and moves the labels there. The current version becomes the
    /// previous one.
    pub fn put(
        &mut self,
        id: &str,
        content: Option<Content>,
        stages: impl IntoIterator<Item = impl Into<String>>,
        now: f64,
    ) {
        let mut stages: BTreeSet<String> = stages.into_iter().map(Into::into).collect();
        // The first value is always the current one.
        if content.is_some() && self.labelled(CURRENT).is_none() {
            stages.insert(CURRENT.to_owned());
        }
        let before = self
            .labelled(CURRENT)
            .filter(|version| version.id != id && stages.contains(CURRENT))
            .map(|version| version.id.clone());
        for version in &mut self.versions {
            version.stages.retain(|stage| !stages.contains(stage));
        }
        match self.versions.iter_mut().find(|version| version.id == id) {
            Some(version) => {
                version.stages.extend(stages);
                version.content = content.or_else(|| version.content.take());
            }
            None => self.versions.push(Version {
                id: id.to_owned(),
                created: now,
                stages,
                content,
            }),
        }
        if let Some(before) = before {
            for version in &mut self.versions {
                version.stages.remove(PREVIOUS);
                if version.id == before {
                    version.stages.insert(PREVIOUS.to_owned());
                }
            }
        }
        while self.versions.len() > VERSIONS {
            let oldest = self
                .versions
                .iter()
                .position(|version| version.stages.is_empty());
            match oldest {
                Some(oldest) => drop(self.versions.remove(oldest)),
                None => break,
            }
        }
        self.changed = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> Stored {
        Stored {
            arn: "arn".to_owned(),
            name: "name".to_owned(),
            description: None,
            kms_key: None,
            tags: BTreeMap::new(),
            created: 0.0,
            changed: 0.0,
            accessed: None,
            deletion: None,
            versions: Vec::new(),
            rotation: None,
            owner: None,
        }
    }

    fn put(stored: &mut Stored, id: &str, stages: &[&str]) {
        let content = Some(Content::Text(id.to_owned()));
        stored.put(id, content, stages.iter().copied(), 1.0);
    }

    fn labels(stored: &Stored) -> Vec<(String, Vec<String>)> {
        let versions = stored.versions.iter();
        versions
            .map(|v| (v.id.clone(), v.stages.iter().cloned().collect()))
            .collect()
    }

    #[test]
    fn the_current_label_moves_and_leaves_the_previous_one_behind() {
        let mut stored = stored();
        put(&mut stored, "a", &["mine"]);
        assert_eq!(stored.labelled(CURRENT).unwrap().id, "a");
        put(&mut stored, "b", &[CURRENT]);
        put(&mut stored, "c", &[PENDING]);
        assert_eq!(stored.unfinished().unwrap().id, "c");
        put(&mut stored, "d", &[CURRENT, PENDING, "mine"]);
        assert!(stored.unfinished().is_none());
        let expected = [
            ("a", vec![]),
            ("b", vec![PREVIOUS]),
            ("c", vec![]),
            ("d", vec![CURRENT, PENDING, "mine"]),
        ]
        .map(|(id, stages)| {
            let stages = stages.into_iter().map(str::to_owned).collect();
            (id.to_owned(), stages)
        });
        assert_eq!(labels(&stored), expected);
    }

    #[test]
    fn a_hundred_versions_are_kept_and_the_labelled_ones_among_them() {
        let mut stored = stored();
        put(&mut stored, "first", &["kept"]);
        for number in 0..150 {
            put(&mut stored, &number.to_string(), &[CURRENT]);
        }
        assert_eq!(stored.versions.len(), VERSIONS);
        assert!(stored.version("first").is_some());
        assert_eq!(stored.labelled(CURRENT).unwrap().id, "149");
        assert_eq!(stored.labelled(PREVIOUS).unwrap().id, "148");
    }

    #[test]
    fn a_value_is_not_in_what_is_printed() {
        let mut stored = stored();
        put(&mut stored, "hidden-value", &[CURRENT]);
        stored.versions[0].id = "id".to_owned();
        assert!(!format!("{stored:?}").contains("hidden"));
    }
}
