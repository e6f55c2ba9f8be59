//! The report of `rotate --json`.

use serde_json::{Value, json};

use super::RotationTarget;
use crate::cli::OutputFormat;
use crate::cognito::Rotation;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::{self, type_json};
use crate::commands::shared::rows;
use crate::commands::{Exit, Failure, serve, verdict};
use crate::delivery::Receipt;
use crate::domain::delivery::destination::Destination;
use crate::domain::rotation::plan::PlannedStep;
use crate::domain::secret::{ManagedSecret, SecretDescriptor, SecretState};
use crate::domain::time::Timestamp;

/// The state of a rotation at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RotateState {
    /// Nothing was done: `--apply` was not given.
    Planned,
    /// The new secret is delivered and verified; the old one still works.
    OldSecretKept,
    /// There are two secrets and the new one's value may be lost; or only the old one exists.
    UnderWay,
    /// The old secret is deleted.
    Finished,
    /// AWS Secrets Manager accepted the rotation, but its end is not confirmed.
    Requested,
    /// AWS Secrets Manager rotated the secret.
    Rotated,
}

/// What was done, and the current state.
pub(super) struct RotateReport {
    format: OutputFormat,
    identity: Value,
    pool: String,
    client: String,
    client_type: Value,
    pub state: RotateState,
    /// What would be done; `None` if it was asked for.
    pub plan: Option<Vec<PlannedStep>>,
    /// The state of the secret; `None` if not read since the last change.
    pub secret: Option<SecretState>,
    secrets: Vec<SecretDescriptor>,
    /// A managed secret before and after its rotation, if readable.
    rotated: Option<(Option<ManagedSecret>, Option<ManagedSecret>)>,
    added: Option<String>,
    retired: Option<String>,
    to: Option<String>,
    receipt: Option<Receipt>,
    pub proven: bool,
    pub old_refused: Option<bool>,
}

impl RotateReport {
    pub fn new(found: &RotationTarget<'_>, rotation: &Rotation<'_>, state: RotateState) -> Self {
        Self {
            format: found.args.output.format(),
            identity: found.caller.json(),
            pool: found.client.pool.to_string(),
            client: found.client.id.to_string(),
            client_type: type_json(Some(&found.client)),
            state,
            plan: None,
            secret: Some(rotation.state.clone()),
            secrets: rotation.pair().all().into_iter().cloned().collect(),
            rotated: None,
            added: None,
            retired: None,
            to: None,
            receipt: None,
            proven: false,
            old_refused: None,
        }
    }

    /// The current secrets, after the response to a change was lost.
    pub fn see(&mut self, secrets: Vec<SecretDescriptor>) {
        self.secrets = secrets;
    }

    pub fn add(&mut self, secret: &SecretDescriptor) {
        self.added = Some(secret.id.clone());
        self.secrets.push(secret.clone());
    }

    /// The new secret is delivered and works.
    pub fn prove(&mut self) {
        self.proven = true;
        self.state = RotateState::OldSecretKept;
    }

    /// The old secret is deleted.
    pub fn finish(&mut self, older: &SecretDescriptor) {
        self.retire(older);
        self.state = RotateState::Finished;
    }

    /// The added secret is deleted again.
    pub fn take_back(&mut self, secret: &SecretDescriptor) {
        self.added = None;
        self.secrets.retain(|other| other.id != secret.id);
    }

    /// The current secrets.
    pub fn secrets(&self) -> &[SecretDescriptor] {
        &self.secrets
    }

    /// The deleted value is added again, as another secret.
    pub fn put_back(&mut self, secret: &SecretDescriptor) {
        self.add(secret);
        self.state = RotateState::UnderWay;
        self.secret = None;
    }

    /// A managed secret, before and after its rotation.
    pub fn rotate(&mut self, before: Option<ManagedSecret>, after: Option<ManagedSecret>) {
        if after.is_some() {
            self.state = RotateState::Rotated;
        }
        self.rotated = Some((before, after));
    }

    pub fn retire(&mut self, secret: &SecretDescriptor) {
        self.retired = Some(secret.id.clone());
        self.secrets.retain(|other| other.id != secret.id);
    }

    pub fn delivered(&mut self, to: Option<&Destination>, receipt: Receipt) {
        self.to = to.map(ToString::to_string);
        self.receipt = Some(receipt);
    }

    /// Prints it if JSON is wanted; otherwise notes were printed on the way.
    pub fn print(&self, out: &mut Output, exit: Exit) -> Result<Exit, Failure> {
        if self.format != OutputFormat::Table {
            return verdict(rows::value(&self.value(), self.format, out), exit);
        }
        Ok(exit)
    }

    /// Prints, if JSON is wanted, what was done before `failure`.
    pub fn fail(&self, out: &mut Output, failure: Failure) -> Result<Exit, Failure> {
        // The failure matters more than a closed pipe.
        let _ = self.print(out, Exit::Failed);
        Err(failure)
    }

    /// Serves a secret on the clipboard until its time ends.
    pub async fn serve(self) {
        if let Some(receipt) = self.receipt {
            serve(receipt).await;
        }
    }

    fn value(&self) -> Value {
        let secrets = self.secrets.iter().map(|secret| {
            json!({
                "id": secret.id,
                "created": secret.created.and_then(Timestamp::rfc3339),
            })
        });
        let stored = self
            .receipt
            .as_ref()
            .and_then(|receipt| receipt.stored.as_ref());
        json!({
            "identity": self.identity,
            "pool_id": self.pool,
            "client_id": self.client,
            "client_type": self.client_type,
            "secret": self.secret.as_ref().map(read_clients::secret_json),
            "plan": self.plan.as_ref().map(|plan| plan.iter().map(step).collect::<Vec<_>>()),
            "state": match self.state {
                RotateState::Planned => "planned",
                RotateState::OldSecretKept => "waiting",
                RotateState::UnderWay if self.secrets.len() < 2 => "not-begun",
                RotateState::UnderWay => "under-way",
                RotateState::Finished => "finished",
                RotateState::Requested => "requested",
                RotateState::Rotated => "rotated",
            },
            "managed": self.rotated.as_ref().map(|(before, after)| json!({
                "before": before.as_ref().map(version),
                "after": after.as_ref().map(version),
            })),
            "secrets": secrets.collect::<Vec<_>>(),
            "added": self.added,
            "retired": self.retired,
            "to": self.to,
            "arn": stored.map(|stored| &stored.arn),
            "version": stored.map(|stored| &stored.version),
            "arrived": self.receipt.as_ref().and_then(|receipt| receipt.unverified.is_none().then_some(true)),
            "proven": self.proven,
            "old_refused": self.old_refused,
        })
    }
}

fn step(step: &PlannedStep) -> Value {
    json!({
        "writes": step.writes,
        "what": step.what,
        "works": step.works,
        "later": step.later,
    })
}

fn version(secret: &ManagedSecret) -> Value {
    let date = |at: Option<Timestamp>| at.and_then(Timestamp::rfc3339);
    json!({
        "version": secret.version,
        "last_rotated": date(secret.last_rotated),
        "next_rotation": date(secret.next_rotation),
    })
}
