//! `show secret-age`: how old the client secrets are.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::cli::ShowArgs;
use crate::cognito::{Gateway, SecretsAnswer, all_pages};
use crate::commands::shared::lookup;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::{self, is_refused, secret_json, type_json};
use crate::commands::shared::rows::{Row, Rows};
use crate::commands::shared::table::Column;
use crate::commands::{Exit, Failure, identity, stderr_note, verdict};
use crate::domain::client::AppClient;
use crate::domain::secret::{ListedSecrets, ManagedSecret, SecretDescriptor, SecretState};
use crate::domain::time::{Timestamp, age};
use crate::text::Cut;

const DAY: i64 = 86_400;

fn now() -> Timestamp {
    SystemTime::now().into()
}

/// What is known of a client's secrets.
struct Ages<'a> {
    client: &'a AppClient,
    state: SecretState,
    /// `None` if they cannot be listed.
    secrets: Option<&'a [SecretDescriptor]>,
    /// In Secrets Manager.
    managed: Option<ManagedSecret>,
}

pub(super) async fn run(
    args: &ShowArgs,
    gateway: &Gateway,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let pool = lookup::pool(gateway, super::wanted_pool(args)?).await?.id;
    let listed = match &args.name {
        Some(wanted) => vec![lookup::client(gateway, &pool, wanted).await?],
        None => all_pages(|next| gateway.clients(&pool, next)).await?,
    };
    let who = identity(args.output.is_json(), gateway).await;
    let clients = read_clients::with_secrets(gateway, &pool, &listed).await?;
    let mut reads = Reads::default();
    let mut rows = Vec::new();
    for (client, answer) in &clients {
        let ages = reads.ages(client, answer, gateway).await?;
        rows.push(Row {
            cells: ages.cells(),
            json: ages.json(&who),
        });
    }
    let mut table = Rows::new(args.output.rows(), columns(), out);
    let printed = table.page(rows).and_then(|()| Ok(table.end()?));
    let exit = if reads.partial {
        Exit::Failed
    } else {
        Exit::Done
    };
    verdict(printed, exit)
}

/// What was read so far.
#[derive(Default)]
struct Reads {
    /// Some age is not known.
    partial: bool,
    /// A refusal was noted.
    noted: bool,
}

impl Reads {
    async fn ages<'a>(
        &mut self,
        client: &'a AppClient,
        answer: &'a SecretsAnswer,
        gateway: &Gateway,
    ) -> Result<Ages<'a>, Failure> {
        if let SecretsAnswer::Refused(error) = answer {
            self.note(&error.one_line());
        }
        let managed = match client.secret.arn() {
            None => None,
            Some(arn) => match gateway.managed_secret(arn).await {
                Ok(secret) => Some(secret),
                Err(error) if is_refused(&error) => {
                    self.note(&error.one_line());
                    None
                }
                Err(error) => return Err(error.into()),
            },
        };
        let secrets = match answer.listed() {
            ListedSecrets::Read(secrets) => Some(secrets),
            ListedSecrets::NotRead | ListedSecrets::Unreadable { .. } => None,
        };
        let ages = Ages {
            client,
            state: client.secret_state(answer.listed()),
            secrets,
            managed,
        };
        // A public client has no secret, and so no age.
        self.partial |= ages.oldest().is_none() && !ages.state.is_public();
        Ok(ages)
    }

    /// Notes the first refusal.
    fn note(&mut self, error: &str) {
        if !std::mem::replace(&mut self.noted, true) {
            stderr_note(&format!("skipped: secret dates ({error})"));
        }
    }
}

fn columns() -> Vec<Column> {
    [
        ("CLIENT ID", Cut::Middle, 26),
        ("NAME", Cut::End, 20),
        ("SECRET", Cut::End, 9),
        ("SINCE", Cut::End, 10),
        ("AGE", Cut::End, 0),
    ]
    .into_iter()
    .map(|(title, cut, usual)| Column { title, cut, usual })
    .collect()
}

impl Ages<'_> {
    /// Since when the oldest secret is in use.
    fn oldest(&self) -> Option<Timestamp> {
        let managed = self.managed.as_ref();
        let managed = managed.and_then(|secret| secret.last_rotated.or(secret.created));
        let listed = self.secrets.iter().copied().flatten();
        managed.or_else(|| listed.filter_map(|secret| secret.created).min())
    }

    fn cells(&self) -> Vec<String> {
        let oldest = self.oldest();
        vec![
            self.client.id.to_string(),
            self.client.settings.name.clone(),
            self.state.label().to_owned(),
            oldest.map(Timestamp::date).unwrap_or_default(),
            oldest.map(|at| age(at, now())).unwrap_or_default(),
        ]
    }

    fn json(&self, who: &Value) -> Value {
        let now = now();
        let days = |at: Option<Timestamp>| at.map(|at| at.seconds_until(now).max(0) / DAY);
        let date = |at: Option<Timestamp>| at.and_then(Timestamp::rfc3339);
        let secrets = self.secrets.map(|secrets| {
            let each = secrets.iter().map(|secret| {
                json!({
                    "id": secret.id,
                    "created": date(secret.created),
                    "age_days": days(secret.created),
                })
            });
            each.collect::<Vec<_>>()
        });
        let managed = self.managed.as_ref().map(|secret| {
            json!({
                "last_rotated": date(secret.last_rotated),
                "next_rotation": date(secret.next_rotation),
                "schedule": secret.schedule,
                "rotates": secret.rotates,
            })
        });
        json!({
            "identity": who,
            "pool_id": self.client.pool.as_str(),
            "client_id": self.client.id.as_str(),
            "name": self.client.settings.name,
            "client_type": type_json(Some(self.client)),
            "secret": secret_json(&self.state),
            "secrets": secrets,
            "managed": managed,
            "age_days": days(self.oldest()),
        })
    }
}
