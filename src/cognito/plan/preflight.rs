//! Checks for changes between planning and execution that cannot be recognized or undone afterwards.

use crate::cognito::api::reads::resource;
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::pages::all_pages;
use crate::domain::client::ClientSummary;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{Plan, Step};

impl Gateway {
    /// The app clients of a name that did not exist when `plan` was made.
    pub async fn new_namesakes(
        &self,
        pool: &PoolId,
        name: &str,
        plan: &Plan,
    ) -> Result<Vec<ClientId>, Error> {
        let clients = all_pages(|next| self.clients(pool, next)).await?;
        let named = clients.into_iter().filter(|client| client.name == name);
        let ids = named.map(|client| client.id);
        Ok(ids.filter(|id| !plan.namesakes.contains(id)).collect())
    }

    /// Refuses to create an app client if one with its name appeared: names are not unique, so Cognito would create a second.
    pub async fn check_no_namesake(
        &self,
        pool: &PoolId,
        name: &str,
        plan: &Plan,
    ) -> Result<(), Error> {
        let there = self.new_namesakes(pool, name, plan).await?;
        let Some(first) = there.first() else {
            return Ok(());
        };
        let listed: Vec<&str> = there.iter().map(ClientId::as_str).collect();
        let detail = format!(
            "an app client named {name} was created meanwhile: {}",
            listed.join(", ")
        );
        let hint = "Use it, or choose another name.";
        let error = Error::new("CreateUserPoolClient", ErrorKind::Conflict, detail, hint);
        Err(error.about(resource(pool, first)))
    }

    /// Refuses a plan that deletes the user pool if it has app clients that the plan does not show.
    pub async fn check_unseen_clients(&self, plan: &Plan) -> Result<(), Error> {
        let deleted = plan.steps.iter().find_map(|step| match step {
            Step::DeletePool { clients, .. } => Some(clients),
            _ => None,
        });
        let (Some(seen), Some(pool)) = (deleted, &plan.pool.id) else {
            return Ok(());
        };
        let was_shown = |client: &ClientSummary| {
            let of_its_own =
                |step: &Step| matches!(step, Step::DeleteClient { id, .. } if *id == client.id);
            seen.iter().any(|seen| seen.id == client.id) || plan.steps.iter().any(of_its_own)
        };
        let clients = match all_pages(|next| self.clients(pool, next)).await {
            // A missing pool is reported at its own step.
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(()),
            clients => clients?,
        };
        let strange: Vec<&str> = clients
            .iter()
            .filter(|client| !was_shown(client))
            .map(|client| client.name.as_str())
            .collect();
        if strange.is_empty() {
            return Ok(());
        }
        let detail = format!(
            "it has app clients that are not in the plan: {}",
            strange.join(", ")
        );
        Err(self.changed("DeleteUserPool", &detail, pool.to_string()))
    }
}
