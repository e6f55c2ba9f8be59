//! `create`, `update` and `delete` of one resource, by the same plans as the console's.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use super::{Exit, Failure, Interrupts, caller};
use crate::cli::{ConfirmArgs, WriteArgs};
use crate::cognito::{Gateway, all_pages};
use crate::commands::shared::output::Output;
use crate::commands::shared::plan_output::{Confirm, PlanOutput};
use crate::commands::shared::plan_run::{Consent, PlanForm, PlanRun};
use crate::commands::shared::read_clients;
use crate::domain::client::AppClient;
use crate::domain::ids::PoolId;
use crate::domain::plan::{Plan, Step};

/// A plan, and what it is about.
struct Change {
    plan: Plan,
    /// The clients with the plan's name, before the plan.
    clients: Vec<AppClient>,
    /// The name to type where the plan takes scopes from app clients.
    name: String,
}

/// How a change is confirmed and printed.
struct Run<'a> {
    write: &'a WriteArgs,
    /// `None` for a creation, which takes nothing away.
    confirm: Option<&'a ConfirmArgs>,
    gateway: &'a Gateway,
    interrupts: Interrupts,
}

impl Run<'_> {
    async fn finish(self, change: Change, out: &mut Output) -> Result<Exit, Failure> {
        let caller = caller(self.gateway).await;
        let takes = change.plan.steps.iter().any(takes_scopes);
        let output = PlanOutput {
            plan: &change.plan,
            done: None,
            confirm: match self.confirm {
                None => Confirm::Apply,
                Some(_) => Confirm::ApplyYes(takes.then_some(change.name.as_str())),
            },
            caller: &caller,
            clients: &change.clients,
        };
        let run = PlanRun {
            gateway: self.gateway,
            interrupts: self.interrupts,
            form: PlanForm::new(self.write.output, self.write.cli),
            consent: match (self.write.apply, self.confirm) {
                (false, _) => Consent::No,
                (true, None) => Consent::Given,
                (true, Some(confirm)) => Consent::Name(confirm.yes.as_deref()),
            },
        };
        run.run(output, out).await
    }
}

/// Whether a step takes scopes from app clients.
fn takes_scopes(step: &Step) -> bool {
    match step {
        Step::UpdateServer { holders, .. } => !holders.is_empty(),
        _ => false,
    }
}

/// All clients of a pool with their settings.
async fn all_clients(gateway: &Gateway, pool: &PoolId) -> Result<Vec<AppClient>, Failure> {
    let listed = all_pages(|next| gateway.clients(pool, next)).await?;
    Ok(read_clients::describe(gateway, pool, &listed).await?)
}

/// What a creation does not send.
fn warn_left_out(plan: &mut Plan, left_out: &[&str]) {
    let creates = plan.to_do().next().is_some();
    if creates && !left_out.is_empty() {
        plan.warnings
            .push(format!("Not carried over: {}.", left_out.join(", ")));
    }
}
