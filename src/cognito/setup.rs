//! Carrying a set-up out.

use std::time::Instant;

use super::error::Error;
use super::gateway::Gateway;
use super::log::note;
use crate::domain::client::AppClient;
use crate::domain::ids::PoolId;
use crate::domain::setup::{SetupPlan, Step};

/// What carrying a set-up out left behind.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// The steps that were carried out, in order.
    pub steps: Vec<Step>,
    /// The app client that was made, if one was.
    pub client: Option<AppClient>,
    /// Why the next step was not carried out, if one failed.
    pub failed: Option<(Step, Error)>,
}

impl Gateway {
    /// Does what `plan` has to do in `pool`, step by step, and stops at the first that fails. Planning again after a failure goes
    /// on from there. `heard` learns of each step as it is done.
    pub async fn set_up(&self, pool: &PoolId, plan: &SetupPlan, heard: impl Fn(&Step)) -> Done {
        let mut done = Done::default();
        for step in plan.to_do() {
            let start = Instant::now();
            let outcome = self.carry_out(pool, step).await;
            note(&step.sentence(), start, outcome.as_ref().err());
            match outcome {
                Ok(client) => {
                    heard(step);
                    done.steps.push(step.clone());
                    done.client = client.or(done.client);
                }
                Err(error) => {
                    done.failed = Some((step.clone(), error));
                    break;
                }
            }
        }
        done
    }

    /// One step; the app client where it made one.
    async fn carry_out(&self, pool: &PoolId, step: &Step) -> Result<Option<AppClient>, Error> {
        match step {
            Step::CreateResourceServer(server) => {
                self.create_resource_server(pool, server).await?;
            }
            Step::AddScopes { identifier, scopes } => {
                self.add_scopes(pool, identifier, scopes).await?;
            }
            Step::CreateClient(client) => {
                return Ok(Some(self.create_client(pool, client).await?.client));
            }
            Step::ServerAlreadyThere { .. } | Step::ClientAlreadyThere { .. } => {}
        }
        Ok(None)
    }
}
