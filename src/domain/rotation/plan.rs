//! The plan of a rotation: what it writes, in which order, and what keeps working.

use crate::domain::secret::SecretDescriptor;

/// One step of a rotation, before it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// The operation of AWS that writes; `None` where the step changes nothing there.
    pub writes: Option<&'static str>,
    /// What is done.
    pub what: String,
    /// What works after it.
    pub works: &'static str,
    /// Whether it is asked for separately, later.
    pub later: bool,
}

const BOTH_WORK: &str = "Both secrets work.";
const NEWER_ALONE: &str = "Programs with the old secret get no tokens.";
const TEST: &str = "Test the new secret with a token (about $0.00225)";

impl PlannedStep {
    fn of(what: impl Into<String>, works: &'static str) -> Self {
        Self {
            writes: None,
            what: what.into(),
            works,
            later: false,
        }
    }

    fn writing(self, operation: &'static str) -> Self {
        Self {
            writes: Some(operation),
            ..self
        }
    }

    fn later(self) -> Self {
        Self {
            later: true,
            ..self
        }
    }

    /// The step in one line, with its place from 1.
    #[must_use]
    pub fn line(&self, place: usize) -> String {
        format!("{}{}", self.mark(place), self.text())
    }

    /// Whether it writes, and its place.
    #[must_use]
    pub fn mark(&self, place: usize) -> String {
        let mark = match (self.later, self.writes) {
            (true, _) => '·',
            (false, Some(_)) => '+',
            (false, None) => ' ',
        };
        format!("{mark} {place} ")
    }

    /// What it does, and what works after it.
    #[must_use]
    pub fn text(&self) -> String {
        let operation = self
            .writes
            .map_or_else(String::new, |operation| format!(" ({operation})"));
        let later = if self.later { " later" } else { "" };
        format!("{}{operation}{later}. {}", self.what, self.works)
    }
}

/// Adds a second secret, delivers and tests it. The older one is deleted later. `own`: the user chose the value; `place` completes
/// "Deliver it".
#[must_use]
pub fn adding(own: bool, place: &str) -> Vec<PlannedStep> {
    let made = if own {
        "Add your value as a second secret"
    } else {
        "Add a second secret, which Cognito generates"
    };
    vec![
        PlannedStep::of(made, BOTH_WORK).writing("AddUserPoolClientSecret"),
        PlannedStep::of(format!("Deliver it{place}"), BOTH_WORK),
        PlannedStep::of(TEST, BOTH_WORK),
        PlannedStep::of("Delete the old secret", NEWER_ALONE)
            .writing("DeleteUserPoolClientSecret")
            .later(),
    ]
}

/// Deletes the `newer` secret, and adds another.
#[must_use]
pub fn starting_over(newer: &SecretDescriptor, own: bool, place: &str) -> Vec<PlannedStep> {
    let first = PlannedStep::of(
        format!("Delete the newer secret {}", newer.id),
        "The old secret keeps working.",
    );
    let first = first.writing("DeleteUserPoolClientSecret");
    std::iter::once(first).chain(adding(own, place)).collect()
}

/// Tests a value of the user's, and delivers it where `place` is not empty.
#[must_use]
pub fn proving(place: &str) -> Vec<PlannedStep> {
    let test = PlannedStep::of(TEST, BOTH_WORK);
    let deliver =
        (!place.is_empty()).then(|| PlannedStep::of(format!("Deliver it{place}"), BOTH_WORK));
    std::iter::once(test).chain(deliver).collect()
}

/// Tests the new secret again, and deletes the `older` one if there still are two.
#[must_use]
pub fn finishing(older: Option<&SecretDescriptor>) -> Vec<PlannedStep> {
    let Some(older) = older else {
        return vec![PlannedStep::of(TEST, "There is no second secret.")];
    };
    let delete = PlannedStep::of(format!("Delete the old secret {}", older.id), NEWER_ALONE);
    vec![
        PlannedStep::of(TEST, BOTH_WORK),
        delete.writing("DeleteUserPoolClientSecret"),
        PlannedStep::of(
            "Test both again (about $0.00225)",
            "The new secret works alone.",
        ),
    ]
}

/// Has AWS Secrets Manager rotate the secret under `arn`, and delivers the new value where `place` is not empty.
#[must_use]
pub fn rotating_managed(arn: &str, place: &str) -> Vec<PlannedStep> {
    const BY_ARN: &str =
        "Programs that read it from Secrets Manager get the new value. Programs with a copy fail.";
    let rotate = PlannedStep::of(format!("Rotate the managed secret {arn}"), BY_ARN);
    let deliver =
        (!place.is_empty()).then(|| PlannedStep::of(format!("Deliver it{place}"), BY_ARN));
    std::iter::once(rotate.writing("RotateSecret"))
        .chain(deliver)
        .collect()
}
