//! Describes the clients of a pool.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value, json};

use crate::cognito::{Error, ErrorKind, Gateway, SecretsAnswer, all_pages};
use crate::commands::{note_pace, stderr_note};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::other_settings::OtherSettings;
use crate::domain::secret::{ListedSecrets, SecretState};

/// How many clients or secrets are described at once.
pub const SIDE_BY_SIDE: usize = 8;

/// All clients of a pool with their settings, in list order.
pub async fn described(gateway: &Gateway, pool: &PoolId) -> Result<Vec<AppClient>, Error> {
    let listed = all_pages(|next| gateway.clients(pool, next)).await?;
    describe(gateway, pool, &listed).await
}

/// These clients of a pool with their settings, in this order, without clients that were deleted meanwhile.
pub async fn describe(
    gateway: &Gateway,
    pool: &PoolId,
    listed: &[ClientSummary],
) -> Result<Vec<AppClient>, Error> {
    note_pace(gateway, listed.len());
    let clients: Vec<Option<AppClient>> = stream::iter(listed)
        .map(|client| describe_one(gateway, pool, &client.id))
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(clients.into_iter().flatten().collect())
}

/// One client with its settings; `None` if it was deleted meanwhile.
async fn describe_one(
    gateway: &Gateway,
    pool: &PoolId,
    client: &ClientId,
) -> Result<Option<AppClient>, Error> {
    gateway.pace().turn(pool, "DescribeUserPoolClient").await;
    match gateway.client(pool, client).await {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// Passes on all clients of a pool in list order, each with its settings, or `None` if access is denied: after one denial no other is
/// described. Keeps nothing: ten thousand clients need much memory.
pub async fn as_far_as_allowed(
    gateway: &Gateway,
    pool: &PoolId,
    mut each: impl FnMut(ClientSummary, Option<AppClient>),
) -> Result<(), Error> {
    let listed = all_pages(|next| gateway.clients(pool, next)).await?;
    note_pace(gateway, listed.len());
    let reader = ClientReader::default();
    let mut clients = stream::iter(listed)
        .map(|client| reader.describe(gateway, pool, client))
        .buffered(SIDE_BY_SIDE);
    while let Some(client) = clients.try_next().await? {
        if let Some((listed, described)) = client {
            each(listed, described);
        }
    }
    Ok(())
}

/// [`describe`], each client with its secrets. A refusal concerns one client: the others are read.
pub async fn with_secrets(
    gateway: &Gateway,
    pool: &PoolId,
    listed: &[ClientSummary],
) -> Result<Vec<(AppClient, SecretsAnswer)>, Error> {
    note_pace(gateway, listed.len());
    let clients: Vec<Option<(AppClient, SecretsAnswer)>> = stream::iter(listed)
        .map(|client| async move {
            let Some(client) = describe_one(gateway, pool, &client.id).await? else {
                return Ok(None);
            };
            match secrets(gateway, &client).await {
                SecretsAnswer::Refused(error) if error.kind == ErrorKind::NotFound => Ok(None),
                SecretsAnswer::Refused(error) if !is_refused(&error) => Err(error),
                answer => Ok(Some((client, answer))),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(clients.into_iter().flatten().collect())
}

/// The secrets of a client, as fast as AWS allows.
async fn secrets(gateway: &Gateway, client: &AppClient) -> SecretsAnswer {
    if !client.is_registered() {
        let pace = gateway.pace();
        pace.turn(&client.pool, "ListUserPoolClientSecrets").await;
    }
    gateway.secrets_of(client).await
}

/// Whether AWS refused the call itself: by IAM, or as an operation that is not supported here.
pub fn is_refused(error: &Error) -> bool {
    error.is_access_denied() || error.kind == ErrorKind::Invalid
}

/// The details of a client.
pub struct ClientDetails {
    pub client: AppClient,
    pub secret: SecretState,
}

/// Reads the details of clients, page by page. A denied call is not repeated, and is reported once.
#[derive(Default)]
pub struct ClientReader {
    denied: AtomicBool,
    secrets_denied: AtomicBool,
}

impl ClientReader {
    /// These clients of a pool, each with its details, or `None` if it cannot be described; without clients that were deleted meanwhile.
    pub async fn details(
        &self,
        gateway: &Gateway,
        pool: &PoolId,
        listed: Vec<ClientSummary>,
    ) -> Result<Vec<(ClientSummary, Option<ClientDetails>)>, Error> {
        let clients: Vec<Option<_>> = stream::iter(listed)
            .map(|listed| async move {
                let Some((listed, client)) = self.describe(gateway, pool, listed).await? else {
                    return Ok::<_, Error>(None);
                };
                let Some(client) = client else {
                    return Ok(Some((listed, None)));
                };
                let secret = self.secret(gateway, &client).await;
                Ok(Some((listed, Some(ClientDetails { client, secret }))))
            })
            .buffered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        Ok(clients.into_iter().flatten().collect())
    }

    /// A listed client with its settings, which are `None` if access is denied; `None` if it was deleted meanwhile.
    async fn describe(
        &self,
        gateway: &Gateway,
        pool: &PoolId,
        listed: ClientSummary,
    ) -> Result<Option<(ClientSummary, Option<AppClient>)>, Error> {
        if self.denied.load(Ordering::Relaxed) {
            return Ok(Some((listed, None)));
        }
        match describe_one(gateway, pool, &listed.id).await {
            Ok(described) => Ok(described.map(|client| (listed, Some(client)))),
            Err(error) if error.is_access_denied() => {
                say_once(&self.denied, "app clients", &error);
                Ok(Some((listed, None)))
            }
            Err(error) => Err(error),
        }
    }

    /// The state of a client's secret. Lists its secrets only if the description does not tell.
    async fn secret(&self, gateway: &Gateway, client: &AppClient) -> SecretState {
        let described = client.secret_state(ListedSecrets::NotRead);
        if described.is_readable() {
            return described;
        }
        if self.secrets_denied.load(Ordering::Relaxed) {
            return client.secret_state(ListedSecrets::Unreadable { denied: true });
        }
        let answer = secrets(gateway, client).await;
        if let SecretsAnswer::Refused(error) = &answer
            && error.is_access_denied()
        {
            say_once(&self.secrets_denied, "client secrets", error);
        }
        client.secret_state(answer.listed())
    }
}

fn say_once(said: &AtomicBool, what: &str, error: &Error) {
    if !said.swap(true, Ordering::Relaxed) {
        stderr_note(&format!("skipped: {what} ({})", error.one_line()));
    }
}

/// The type of a client, in JSON; null if unknown.
pub fn type_json(client: Option<&AppClient>) -> Value {
    let made = client.and_then(|client| client.client_type.as_ref());
    made.map_or(Value::Null, |made| made.as_str().into())
}

/// A client's id, name and type, in JSON.
pub fn client_json(client: &AppClient) -> Value {
    json!({
        "id": client.id.as_str(),
        "name": client.settings.name,
        "client_type": type_json(Some(client)),
    })
}

/// The state of a secret, in JSON.
pub fn secret_json(state: &SecretState) -> Value {
    let arn = match state {
        SecretState::Managed { arn } => Some(arn),
        _ => None,
    };
    json!({ "state": state.key(), "arn": arn, "detail": state.sentence() })
}

/// Unknown settings, in JSON.
pub fn other_json(other: &OtherSettings) -> Value {
    Value::Object(other_members(other))
}

/// Unknown settings as members of an object. Numbers that do not fit become text.
pub fn other_members(other: &OtherSettings) -> Map<String, Value> {
    let member = |(name, text): (&str, &str)| {
        let value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
        (name.to_owned(), value)
    };
    other.iter().map(member).collect()
}
