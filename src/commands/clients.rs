//! All clients of a pool, described.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{note, note_pace};
use crate::cognito::{Error, ErrorKind, Gateway, all_pages};
use crate::domain::client::{AppClient, ClientSummary, SecretDescriptor};
use crate::domain::ids::{ClientId, PoolId};

/// How many clients are asked for at once.
const SIDE_BY_SIDE: usize = 8;

/// All clients of a pool with their settings, in the order they are listed in.
pub(super) async fn described(gateway: &Gateway, pool: &PoolId) -> Result<Vec<AppClient>, Error> {
    let listed = all_pages(|next| gateway.clients(pool, next)).await?;
    describe(gateway, pool, &listed).await
}

/// These clients of a pool with their settings, in this order, but for those that were deleted in the meantime.
pub(super) async fn describe(
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
pub(super) async fn as_far_as_allowed(
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
                    if !denied.swap(true, Ordering::Relaxed) {
                        note(&format!("not read: app clients ({})", error.one_line()));
                    }
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
pub(super) async fn secrets(
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
