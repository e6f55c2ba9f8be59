//! `setup`: the plan of a set-up, and its carrying out.

use std::io;

use serde_json::{Value, json};

use super::out::Out;
use super::{Exit, Failure, find, note};
use crate::cli::{Preset, SetupArgs};
use crate::cognito::{Done, Gateway, all_pages};
use crate::domain::client::ClientSummary;
use crate::domain::new_client::{Severity, machine_auth, machine_auth_server};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::ResourceServer;
use crate::domain::setup::{self, SetupPlan, Step};

pub(super) async fn run(
    args: &SetupArgs,
    gateway: &Gateway,
    out: &mut Out,
) -> Result<Exit, Failure> {
    let pool = find::pool(gateway, &args.pool).await?;
    let (servers, clients) = tokio::try_join!(
        all_pages(|next| gateway.resource_servers(&pool.id, next)),
        all_pages(|next| gateway.clients(&pool.id, next)),
    )?;
    let Preset::MachineAuth = args.preset;
    let plan = setup::plan(
        machine_auth(),
        Some(&machine_auth_server()),
        &servers,
        &clients,
    );
    check(&plan, &servers, &clients)?;
    let done = if args.apply {
        let told = |step: &Step| note(&format!("done: {}", step.sentence()));
        Some(gateway.set_up(&pool.id, &plan, told).await)
    } else {
        None
    };
    let answer = Answer {
        pool: &pool,
        plan: &plan,
        done: done.as_ref(),
    };
    if args.json {
        out.json(&answer.json())?;
    } else {
        answer.print(out)?;
    }
    Ok(match &done {
        Some(done) if done.failed.is_some() => Exit::No,
        None if answer.pending() > 0 => Exit::Changes,
        _ => Exit::Done,
    })
}

/// Says before anything is written what Cognito would refuse, and what is there twice.
fn check(
    plan: &SetupPlan,
    servers: &[ResourceServer],
    clients: &[ClientSummary],
) -> Result<(), Failure> {
    let after = plan.servers_after(servers);
    for step in &plan.steps {
        match step {
            Step::CreateClient(client) => {
                let refused: Vec<String> = client
                    .problems(&after, clients)
                    .into_iter()
                    .filter(|problem| problem.severity == Severity::Error)
                    .map(|problem| problem.message)
                    .collect();
                if !refused.is_empty() {
                    let what = format!("Cognito would refuse the app client {}", client.name);
                    return Err(Failure::Words([vec![what], refused].concat()));
                }
            }
            Step::ClientAlreadyThere { name, .. } => {
                let namesakes = clients.iter().filter(|client| client.name == *name);
                let count = namesakes.count();
                if count > 1 {
                    note(&format!(
                        "{count} app clients are named {name}: scripts that look it up by name will find them all"
                    ));
                }
            }
            Step::CreateResourceServer(_)
            | Step::AddScopes { .. }
            | Step::ServerAlreadyThere { .. } => {}
        }
    }
    Ok(())
}

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Present,
    Pending,
    Done,
    Failed,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn mark(self) -> char {
        match self {
            Self::Present => '=',
            Self::Pending => '+',
            Self::Done => '✓',
            Self::Failed => '✗',
        }
    }
}

/// The plan and, where it was carried out, what became of it.
struct Answer<'a> {
    pool: &'a UserPool,
    plan: &'a SetupPlan,
    done: Option<&'a Done>,
}

impl Answer<'_> {
    fn state(&self, step: &Step) -> State {
        if step.is_done() {
            return State::Present;
        }
        match self.done {
            Some(done) if done.steps.contains(step) => State::Done,
            Some(Done {
                failed: Some((failed, _)),
                ..
            }) if failed == step => State::Failed,
            _ => State::Pending,
        }
    }

    /// How many changes are not made yet.
    fn pending(&self) -> usize {
        let open = |step: &&Step| matches!(self.state(step), State::Pending | State::Failed);
        self.plan.to_do().filter(open).count()
    }

    /// The lines of the failure, if a step failed.
    fn failure(&self) -> Vec<String> {
        self.done
            .and_then(|done| done.failed.as_ref())
            .map(|(_, error)| Failure::Cognito(error.clone()).lines())
            .unwrap_or_default()
    }

    fn client_id(&self) -> Option<&str> {
        let made = self.done.and_then(|done| done.client.as_ref());
        made.map(|client| client.id.as_str()).or_else(|| {
            self.plan.steps.iter().find_map(|step| match step {
                Step::ClientAlreadyThere { id, .. } => Some(id.as_str()),
                _ => None,
            })
        })
    }

    fn print(&self, out: &mut Out) -> io::Result<()> {
        out.line(&format!("User pool {} ({})", self.pool.name, self.pool.id))?;
        for step in &self.plan.steps {
            let state = self.state(step);
            out.line(&format!("{} {}", state.mark(), step.sentence()))?;
            let details = match state {
                State::Present | State::Done => Vec::new(),
                State::Pending => step.details(),
                State::Failed => self.failure(),
            };
            for detail in details {
                out.line(&format!("    {detail}"))?;
            }
        }
        if let (Some(_), Some(id)) = (self.done, self.client_id()) {
            out.line(&format!("Client id {id}"))?;
        }
        out.line(&match (self.pending(), self.done) {
            (0, None) => "Nothing to change.".to_owned(),
            (0, Some(done)) if done.steps.is_empty() => "Nothing was to be changed.".to_owned(),
            (0, Some(_)) => "All done.".to_owned(),
            (1, None) => "1 change to make. --apply makes it.".to_owned(),
            (count, None) => format!("{count} changes to make. --apply makes them."),
            (count, Some(_)) => {
                format!("Stopped: {count} not made. Once the cause is mended, the same command goes on from here.")
            }
        })
    }

    fn json(&self) -> Value {
        let steps: Vec<Value> = self
            .plan
            .steps
            .iter()
            .map(|step| {
                json!({
                    "operation": operation(step),
                    "summary": step.sentence(),
                    "details": step.details(),
                    "state": self.state(step).word(),
                })
            })
            .collect();
        let failure = self.failure();
        json!({
            "pool_id": self.pool.id.as_str(),
            "pool_name": self.pool.name,
            "client_id": self.client_id(),
            "pending": self.pending(),
            "error": (!failure.is_empty()).then(|| failure.join("\n")),
            "steps": steps,
        })
    }
}

/// The API operation that a step calls; `None` where it has nothing to do.
fn operation(step: &Step) -> Option<&'static str> {
    match step {
        Step::CreateResourceServer(_) => Some("CreateResourceServer"),
        Step::AddScopes { .. } => Some("UpdateResourceServer"),
        Step::CreateClient(_) => Some("CreateUserPoolClient"),
        Step::ServerAlreadyThere { .. } | Step::ClientAlreadyThere { .. } => None,
    }
}
