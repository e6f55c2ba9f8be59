//! Prints a plan as text, as JSON and as AWS CLI commands.

use std::io;

use serde_json::{Value, json};

use crate::cognito::{Error, PlanOutcome};
use crate::commands::Failure;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::type_json;
use crate::domain::client::AppClient;
use crate::domain::identity::Caller;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{CliContext, Detail, Existing, ListChange, Plan, Step};
use crate::domain::shell::option;

/// The state of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StepState {
    Present,
    Pending,
    Done,
    /// Written, but could not be read back.
    Unconfirmed,
    Failed,
}

impl StepState {
    fn label(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Unconfirmed => "unconfirmed",
            Self::Failed => "failed",
        }
    }
}

/// The option that makes the changes of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm<'a> {
    /// `--apply`.
    Apply,
    /// `--yes` with the name of the plan's largest resource: a take-down.
    Yes,
    /// `--apply`, and `--yes` with a name: that of the largest resource that is deleted, or this one.
    ApplyYes(Option<&'a str>),
}

impl Confirm<'_> {
    /// What is said where a name is not confirmed.
    pub fn nothing_done(self) -> &'static str {
        match self {
            Self::Yes => "Nothing was taken down.",
            Self::Apply | Self::ApplyYes(_) => "Nothing was written.",
        }
    }
}

/// The plan and, after execution, its outcome.
pub struct PlanOutput<'a> {
    pub plan: &'a Plan,
    pub done: Option<&'a PlanOutcome>,
    pub confirm: Confirm<'a>,
    pub caller: &'a Caller,
    /// The clients with the plan's name, before the plan.
    pub clients: &'a [AppClient],
}

impl PlanOutput<'_> {
    fn state(&self, at: usize, step: &Step) -> StepState {
        if step.is_done() {
            return StepState::Present;
        }
        match self.done {
            Some(_) if self.unconfirmed(at).is_some() => StepState::Unconfirmed,
            Some(done) if at < done.completed => StepState::Done,
            Some(done) if at == done.completed && done.failed.is_some() => StepState::Failed,
            _ => StepState::Pending,
        }
    }

    fn steps(&self) -> impl Iterator<Item = (usize, &Step, StepState)> {
        let steps = self.plan.steps.iter().enumerate();
        steps.map(|(at, step)| (at, step, self.state(at, step)))
    }

    /// Why a write is unconfirmed.
    fn unconfirmed(&self, at: usize) -> Option<&Error> {
        let mut all = self.done?.unconfirmed.iter();
        all.find(|(of, _)| *of == at).map(|(_, error)| error)
    }

    /// Concurrent changes that a step kept.
    fn kept(&self, at: usize) -> Vec<String> {
        let kept = self.done.map(|done| done.kept.iter());
        kept.into_iter()
            .flatten()
            .filter(|(of, _)| *of == at)
            .flat_map(|(_, theirs)| theirs.iter().map(ToString::to_string))
            .collect()
    }

    /// The count of pending changes.
    fn pending(&self) -> usize {
        self.steps()
            .filter(|(_, _, state)| matches!(state, StepState::Pending | StepState::Failed))
            .count()
    }

    /// The lines of the failed step's error.
    fn failure(&self) -> Vec<String> {
        let error = self.done.and_then(|done| done.failed.as_ref());
        error
            .map(|error| Failure::Cognito(error.clone()).lines())
            .unwrap_or_default()
    }

    fn pool_id(&self) -> Option<&str> {
        let made = self.done.and_then(|done| done.pool.as_ref());
        made.or(self.plan.pool.id.as_ref()).map(PoolId::as_str)
    }

    fn client_id(&self) -> Option<&str> {
        let made = self.done.and_then(|done| done.client.as_ref());
        made.map(|client| &client.id)
            .or_else(|| self.plan.client_found())
            .or_else(|| self.deleted())
            .map(ClientId::as_str)
    }

    /// The client that `delete` deletes.
    fn deleted(&self) -> Option<&ClientId> {
        let mut steps = self.plan.steps.iter();
        steps.find_map(|step| match step {
            Step::DeleteClient { id, .. } if self.confirm != Confirm::Yes => Some(id),
            _ => None,
        })
    }

    /// The client as last read.
    fn client(&self) -> Option<&AppClient> {
        let id = self.client_id()?;
        let made = self.done.and_then(|done| done.client.as_ref());
        let mut all = made.into_iter().chain(self.clients);
        all.find(|client| client.id.as_str() == id)
    }

    /// The name that confirms the plan, if it asks for one. Of a take-down that removes only scopes, the pool's.
    pub fn name_to_type(&self) -> Option<&str> {
        let name = self.plan.name_to_type();
        match self.confirm {
            Confirm::Apply => None,
            Confirm::Yes => Some(name.unwrap_or(&self.plan.pool.name)),
            Confirm::ApplyYes(other) => name.or(other),
        }
    }

    fn mark(step: &Step, state: StepState) -> char {
        match state {
            StepState::Present => '=',
            StepState::Done => '✓',
            StepState::Failed => '✗',
            StepState::Unconfirmed => '?',
            StepState::Pending if step.is_dangerous() => '-',
            StepState::Pending if step.is_a_change() => '~',
            StepState::Pending => '+',
        }
    }

    pub fn print(&self, out: &mut Output) -> io::Result<()> {
        out.line(&format!("As {}", self.caller))?;
        let name = &self.plan.pool.name;
        out.line(&match self.pool_id() {
            Some(id) => format!("User pool {name} ({id})"),
            None => format!("User pool {name}"),
        })?;
        for (at, step, state) in self.steps() {
            out.line(&format!("{} {}", Self::mark(step, state), step.sentence()))?;
            let details = match state {
                StepState::Present => Vec::new(),
                StepState::Done => {
                    let kept = self.kept(at).into_iter();
                    kept.map(|theirs| format!("! kept a concurrent change: {theirs}"))
                        .collect()
                }
                StepState::Unconfirmed => self
                    .unconfirmed(at)
                    .map(|error| Failure::Cognito(error.clone()).lines())
                    .unwrap_or_default(),
                StepState::Pending => {
                    let fields = step.details().into_iter().map(|detail| detail.to_string());
                    let warning = step.warning().map(|warning| format!("! {warning}"));
                    fields.chain(warning).collect()
                }
                StepState::Failed => self.failure(),
            };
            for detail in details {
                out.line(&format!("    {detail}"))?;
            }
        }
        for warning in &self.plan.warnings {
            out.line(&format!("! {warning}"))?;
        }
        let takes_away = self.confirm == Confirm::Yes || self.deleted().is_some();
        if let (Some(_), Some(id), false) = (self.done, self.client_id(), takes_away) {
            out.line(&format!("Client id {id}"))?;
        }
        out.line(&self.summary())?;
        match self.left() {
            left if left.is_empty() => Ok(()),
            left => out.line(&format!(
                "Kept items may be shared. Use --with {} to take them down, too.",
                left.join(",")
            )),
        }
    }

    /// The values of `--with` for what is kept.
    fn left(&self) -> Vec<&'static str> {
        let words = self.plan.steps.iter().filter_map(|step| match step {
            Step::Kept { thing, .. } => match thing {
                Existing::Pool { .. } => Some("pool"),
                Existing::Domain { .. } => Some("domain"),
                Existing::Server { .. } => Some("scopes"),
                Existing::Client { .. } => None,
            },
            _ => None,
        });
        let mut words: Vec<_> = words.collect();
        words.dedup();
        words
    }

    fn summary(&self) -> String {
        let yes = self.name_to_type().map(|name| option("--yes", name));
        let how = match (self.confirm, yes) {
            (Confirm::Yes, Some(yes)) => format!("{yes} makes"),
            (_, Some(yes)) => format!("--apply {yes} makes"),
            (_, None) => "--apply makes".to_owned(),
        };
        match (self.pending(), self.done) {
            _ if !self.plan.obstacles.is_empty() => "The plan is blocked.".to_owned(),
            (0, None) => "No changes.".to_owned(),
            (0, Some(done)) => match done.unconfirmed.len() {
                0 => "All done.".to_owned(),
                count => format!("All written, {count} not confirmed."),
            },
            (1, None) => format!("1 change to make. {how} it."),
            (count, None) => format!("{count} changes to make. {how} them."),
            (count, Some(_)) => {
                format!("Stopped: {count} not made. Fix the cause and run the same command again.")
            }
        }
    }

    /// How AWS CLI commands name the pool.
    pub fn place(&self) -> CliContext<'_> {
        CliContext {
            pool: self.plan.pool.id.as_ref(),
            profile: self.caller.profile.as_deref(),
            region: self.caller.region.as_deref(),
            endpoint: self.caller.endpoint.as_deref(),
        }
    }

    /// The pending steps as lines of a shell script.
    pub fn print_commands(&self, out: &mut Output) -> io::Result<()> {
        out.line(&format!("# As {}", self.caller))?;
        for (_, step, _) in self.steps().filter(|(_, step, _)| !step.is_done()) {
            out.line(&format!("# {}", step.sentence()))?;
            for line in step.cli(self.place()).lines() {
                out.line(line)?;
            }
        }
        Ok(())
    }

    pub fn json(&self) -> Value {
        let steps: Vec<Value> = self
            .steps()
            .map(|(at, step, state)| {
                let details: Vec<Value> = step
                    .details()
                    .into_iter()
                    .map(|detail| {
                        let Detail {
                            field,
                            old,
                            new,
                            items,
                        } = detail;
                        match items {
                            None => json!({"field": field, "old": old, "new": new}),
                            Some(ListChange { added, removed }) => json!({
                                "field": field,
                                "old": old,
                                "new": new,
                                "added": added,
                                "removed": removed,
                            }),
                        }
                    })
                    .collect();
                json!({
                    "operation": step.operation(),
                    "summary": step.sentence(),
                    "details": details,
                    "warning": step.warning(),
                    "command": (!step.is_done()).then(|| step.cli(self.place())),
                    "state": state.label(),
                    "error": self.unconfirmed(at).map(Error::one_line),
                    "kept": self.kept(at),
                })
            })
            .collect();
        let obstacles: Vec<Value> = self
            .plan
            .obstacles
            .iter()
            .map(|obstacle| json!({"about": obstacle.about, "what": obstacle.what, "way_out": obstacle.way_out}))
            .collect();
        let failure = self.failure();
        json!({
            "identity": self.caller.json(),
            "pool_id": self.pool_id(),
            "pool_name": self.plan.pool.name,
            "client_id": self.client_id(),
            "client_type": type_json(self.client()),
            "pending": self.pending(),
            "error": (!failure.is_empty()).then(|| failure.join("\n")),
            "obstacles": obstacles,
            "warnings": self.plan.warnings,
            "steps": steps,
        })
    }
}
