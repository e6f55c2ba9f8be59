//! Rows of app clients, with or without details.

use serde_json::json;

use super::super::{Failure, note_pace, stderr_note};
use super::{Printer, Row};
use crate::cli::ClientTypeFilter;
use crate::cognito::{Gateway, Pages};
use crate::commands::list::matrix::UNREAD;
use crate::commands::shared::read_clients::{ClientDetails, other_json, secret_json, type_json};
use crate::domain::client::{ClientSummary, ClientType};
use crate::domain::ids::PoolId;

/// Prints app clients of type `wanted` with their details.
pub(super) async fn print(
    wanted: Option<ClientTypeFilter>,
    pool: &PoolId,
    gateway: &Gateway,
    printer: &mut Printer<'_>,
) -> Result<(), Failure> {
    let wanted = wanted.map(|made| match made {
        ClientTypeFilter::Regular => ClientType::Regular,
        ClientTypeFilter::Dcr => ClientType::Dcr,
    });
    let mut untold = 0;
    let mut pages = Pages::of(|next| async {
        match &wanted {
            None => gateway.clients(pool, next).await,
            Some(wanted) => gateway.clients_of_type(pool, wanted, next).await,
        }
    });
    while let Some(listed) = pages.next().await? {
        note_pace(gateway, listed.len());
        let clients = printer.reader.details(gateway, pool, listed).await?;
        for (listed, details) in &clients {
            // A server that does not know the filter lists all clients.
            if let (Some(_), Some(details)) = (&wanted, details)
                && details.client.client_type != wanted
            {
                untold += usize::from(details.client.client_type.is_none());
                continue;
            }
            printer.partial |= details.is_none();
            printer.print(std::iter::once(row(pool, listed, details.as_ref())))?;
        }
    }
    if untold > 0 {
        printer.partial = true;
        stderr_note(&format!(
            "skipped: {untold} app clients of {pool} with an unknown type"
        ));
    }
    Ok(())
}

/// A client without details.
pub(super) fn name(pool: &PoolId, client: &ClientSummary) -> Row {
    Row {
        cells: vec![pool.to_string(), client.id.to_string(), client.name.clone()],
        ..row(pool, client, None)
    }
}

/// A client with its details, if readable.
fn row(pool: &PoolId, client: &ClientSummary, details: Option<&ClientDetails>) -> Row {
    let made = details.and_then(|details| details.client.client_type.as_ref());
    let (words, label) = match details {
        Some(details) => (
            made.map_or("unknown", ClientType::as_str),
            details.secret.label(),
        ),
        None => (UNREAD, ""),
    };
    Row {
        cells: vec![
            pool.to_string(),
            client.id.to_string(),
            client.name.clone(),
            words.to_owned(),
            label.to_owned(),
        ],
        json: json!({
            "pool_id": pool.as_str(),
            "id": client.id.as_str(),
            "name": client.name,
            "client_type": type_json(details.map(|details| &details.client)),
            "secret": details.map(|details| secret_json(&details.secret)),
            "other": details.map(|details| other_json(&details.client.other)),
        }),
    }
}
