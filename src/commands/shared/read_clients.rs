//! All clients of a pool, described.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use crate::cognito::{Error, ErrorKind, Gateway, all_pages};
use crate::commands::{note_pace, stderr_note};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::other_settings::OtherSettings;
use crate::domain::secret::{ListedSecrets, SecretDescriptor, SecretState};

/// How many clients are asked for at once.
const SIDE_BY_SIDE: usize = 8;

/// All clients of a pool with their settings, in the order they are listed in.
pub async fn described(gateway: &Gateway, pool: &PoolId) -> Result<Vec<AppClient>, Error> {
    let listed = all_pages(|next| gateway.clients(pool, next)).await?;
    describe(gateway, pool, &listed).await
}

/// These clients of a pool with their settings, in this order, but for those that were deleted in the meantime.
pub async fn describe(
    gateway: &Gateway,
    pool: &PoolId,
    listed: &[ClientSummary],
) -> Result<Vec<AppClient>, Error> {
    note_pace(gateway, listed.len());
    let clients: Vec<Option<AppClient>> = stream::iter(listed)
        .map(|client| async move {
            gateway.pace().turn(pool, "DescribeUserPoolClient").await;
            match gateway.client(pool, &client.id).await {
                Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                other => other.map(Some),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(clients.into_iter().flatten().collect())
}

/// Hands over all clients of a pool, in the order they are listed in, each with its settings, or with `None` where those may not be
/// read: once that was refused, no other's are asked for. Nothing of them is kept here: of ten thousand clients that is much.
pub async fn as_far_as_allowed(
    gateway: &Gateway,
    pool: &PoolId,
    mut each: impl FnMut(ClientSummary, Option<AppClient>),
) -> Result<(), Error> {
    let listed = all_pages(|next| gateway.clients(pool, next)).await?;
    note_pace(gateway, listed.len());
    let denied = AtomicBool::new(false);
    let denied = &denied;
    let mut clients = stream::iter(listed)
        .map(|client| async move {
            if denied.load(Ordering::Relaxed) {
                return Ok(Some((client, None)));
            }
            gateway.pace().turn(pool, "DescribeUserPoolClient").await;
            match gateway.client(pool, &client.id).await {
                Ok(described) => Ok(Some((client, Some(described)))),
                Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                Err(error) if error.is_access_denied() => {
                    say_once(denied, "app clients", &error);
                    Ok(Some((client, None)))
                }
                Err(error) => Err(error),
            }
        })
        .buffered(SIDE_BY_SIDE);
    while let Some(client) = clients.try_next().await? {
        if let Some((listed, described)) = client {
            each(listed, described);
        }
    }
    Ok(())
}

/// The ids and dates of these clients' secrets, but for those that were deleted in the meantime.
pub async fn secrets(
    gateway: &Gateway,
    pool: &PoolId,
    listed: &[ClientSummary],
) -> Result<HashMap<ClientId, Vec<SecretDescriptor>>, Error> {
    let secrets: Vec<Option<(ClientId, Vec<SecretDescriptor>)>> = stream::iter(listed)
        .map(|client| async move {
            gateway.pace().turn(pool, "ListUserPoolClientSecrets").await;
            match gateway.secrets(pool, &client.id).await {
                Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                other => other.map(|secrets| Some((client.id.clone(), secrets))),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(secrets.into_iter().flatten().collect())
}

/// What is read of a client beyond its name.
pub struct ClientDetails {
    pub client: AppClient,
    pub secret: SecretState,
}

/// Reads the details of clients, page by page. What was denied once is not asked again, and is said once.
#[derive(Default)]
pub struct ClientReader {
    denied: AtomicBool,
    secrets_denied: AtomicBool,
}

impl ClientReader {
    /// These clients of a pool, each with its details, or with `None` where it may not be described; without those that were deleted in
    /// the meantime.
    pub async fn details(
        &self,
        gateway: &Gateway,
        pool: &PoolId,
        listed: Vec<ClientSummary>,
    ) -> Result<Vec<(ClientSummary, Option<ClientDetails>)>, Error> {
        let clients: Vec<Option<_>> = stream::iter(listed)
            .map(|listed| async move {
                if self.denied.load(Ordering::Relaxed) {
                    return Ok(Some((listed, None)));
                }
                gateway.pace().turn(pool, "DescribeUserPoolClient").await;
                match gateway.client(pool, &listed.id).await {
                    Ok(client) => {
                        let secret = self.secret(gateway, &client).await;
                        Ok(Some((listed, Some(ClientDetails { client, secret }))))
                    }
                    Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                    Err(error) if error.is_access_denied() => {
                        say_once(&self.denied, "app clients", &error);
                        Ok(Some((listed, None)))
                    }
                    Err(error) => Err(error),
                }
            })
            .buffered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        Ok(clients.into_iter().flatten().collect())
    }

    /// Where a client's secret is. The list of its secrets is asked for only where the description does not say.
    async fn secret(&self, gateway: &Gateway, client: &AppClient) -> SecretState {
        let described = client.secret_state(ListedSecrets::NotRead);
        if described.is_readable() || client.is_registered() {
            return described;
        }
        if self.secrets_denied.load(Ordering::Relaxed) {
            return client.secret_state(ListedSecrets::Unreadable { denied: true });
        }
        let pool = &client.pool;
        gateway.pace().turn(pool, "ListUserPoolClientSecrets").await;
        match gateway.secrets(pool, &client.id).await {
            Ok(listed) => client.secret_state(ListedSecrets::Read(&listed)),
            Err(error) => {
                let denied = error.is_access_denied();
                if denied {
                    say_once(&self.secrets_denied, "lists of secrets", &error);
                }
                client.secret_state(ListedSecrets::Unreadable { denied })
            }
        }
    }
}

fn say_once(said: &AtomicBool, what: &str, error: &Error) {
    if !said.swap(true, Ordering::Relaxed) {
        stderr_note(&format!("not read: {what} ({})", error.one_line()));
    }
}

/// How a client was made, in JSON; null where it is not read, or Cognito does not say.
pub fn type_json(client: Option<&AppClient>) -> Value {
    let made = client.and_then(|client| client.client_type.as_ref());
    made.map_or(Value::Null, |made| made.as_str().into())
}

/// Which client it is, in JSON.
pub fn client_json(client: &AppClient) -> Value {
    json!({
        "id": client.id.as_str(),
        "name": client.settings.name,
        "client_type": type_json(Some(client)),
    })
}

/// Where a secret is, in JSON.
pub fn secret_json(state: &SecretState) -> Value {
    let arn = match state {
        SecretState::Managed { arn } => Some(arn),
        _ => None,
    };
    json!({ "state": state.key(), "arn": arn, "detail": state.sentence() })
}

/// Settings that this version does not know, in JSON. What JSON's numbers can't hold here is text.
pub fn other_json(other: &OtherSettings) -> Value {
    let member = |(name, text): (&str, &str)| {
        let value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
        (name.to_owned(), value)
    };
    Value::Object(other.iter().map(member).collect())
}
