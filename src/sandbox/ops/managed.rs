//! Managed secrets: the secret of an app client that Cognito stores in Secrets Manager and rotates there.
//!
//! A rotation does what a user does by hand with two secrets: the older of two is deleted, a new one is added, and the previous
//! one works until the next rotation (or ends at once, if that is assumed).

use serde::Serialize;

use super::super::assumptions::Assumption;
use super::super::errors::ApiError;
use super::super::faults::{Action, MANAGED_ROTATION};
use super::super::quota;
use super::super::secrets_manager::{
    self, CURRENT, Content, OWNER, Owner, PENDING, Rotation, Schedule, Stored,
};
use super::super::shared::{Shared, unpoisoned};
use super::super::state::{Client, Shown, State};
use super::{later, secrets};

/// Cognito's default schedule.
const SCHEDULE: Schedule = Schedule::AfterDays(7);

/// The number of rotations with a visible result: values and labels of earlier ones are gone.
const TRACES: f64 = 2.0;

/// `SecretString`, with the members in their documented order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept<'a> {
    user_pool_id: &'a str,
    user_pool_client_id: &'a str,
    client_secret_value: &'a str,
}

/// Returns the stored value of a client's secret.
///
/// # Errors
/// It cannot be written as JSON, which does not happen.
pub fn content(pool: &str, client: &str, secret: &str) -> Result<Content, ApiError> {
    let kept = Kept {
        user_pool_id: pool,
        user_pool_client_id: client,
        client_secret_value: secret,
    };
    serde_json::to_string(&kept)
        .map(Content::Text)
        .map_err(|error| ApiError::internal(error.to_string()))
}

/// The Region and account of managed secrets, and the form of their ARNs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub region: &'a str,
    pub account: &'a str,
    /// Whether ARNs follow Cognito's model.
    pub of_the_model: bool,
}

/// Creates the entry of a client's managed secret, without a value. `end` is the six letters at the end of its ARN.
pub fn stored(place: Place<'_>, owner: Owner, end: &str, now: f64) -> Stored {
    let Place {
        region, account, ..
    } = place;
    let (pool, client) = (&owner.pool, &owner.client);
    let (name, arn);
    if place.of_the_model {
        name = format!("{OWNER}/{pool}/{client}");
        arn = format!("arn:aws:secretsmanager:{region}:{account}:secret/{name}-{end}");
    } else {
        name = format!("{OWNER}!{pool}/{client}");
        arn = secrets_manager::arn(region, account, &name, end);
    }
    Stored {
        arn,
        name,
        description: None,
        kms_key: None,
        tags: [(
            "aws:secretsmanager:owningService".to_owned(),
            OWNER.to_owned(),
        )]
        .into(),
        created: now,
        changed: now,
        accessed: None,
        deletion: None,
        versions: Vec::new(),
        rotation: Some(Rotation {
            enabled: true,
            schedule: SCHEDULE,
            last: None,
            next: None,
        }),
        owner: Some(owner),
    }
}

/// Moves a client's secret into Secrets Manager, and rotates it at once.
///
/// # Errors
/// The client has no generated secret.
pub fn move_in(
    shared: &Shared,
    state: &mut State,
    pool: &str,
    id: &str,
    now: f64,
) -> Result<(), ApiError> {
    let end = unpoisoned(&shared.ids).arn_end()?;
    let first = unpoisoned(&shared.ids).version()?;
    let second = unpoisoned(&shared.ids).version()?;
    let owner = Owner {
        pool: pool.to_owned(),
        client: id.to_owned(),
    };
    let place = Place {
        region: &shared.region,
        account: &shared.account,
        of_the_model: shared.assumes(Assumption::ArnOfTheModel),
    };
    let mut kept = stored(place, owner, &end, now);
    if state.stored.contains_key(&kept.name) {
        return Err(ApiError::invalid(format!(
            "Secrets Manager has a secret {} already.",
            kept.name
        )));
    }
    let name = kept.name.clone();
    let client = client(state, pool, id)?;
    let newest = client.secrets.last().ok_or_else(nothing_to_manage)?;
    let content = content(pool, id, &newest.value)?;
    kept.put(&first, Some(content), [CURRENT], now);
    client.managed = Some(name.clone());
    state.stored.insert(name.clone(), kept);
    rotate(shared, state, &name, &second, now)
}

/// Moves a client's secret back to Cognito. The entry in Secrets Manager is deleted at once, and DescribeUserPoolClient returns
/// the current secret.
pub fn move_out(state: &mut State, pool: &str, id: &str) -> Result<(), ApiError> {
    let client = client(state, pool, id)?;
    let current = client.secrets.last();
    client.shown = current.map_or(Shown::Oldest, |secret| Shown::This(secret.id.clone()));
    if let Some(name) = client.managed.take() {
        state.stored.remove(&name);
    }
    Ok(())
}

/// Checks what a request does with a client's secret.
///
/// # Errors
/// The client has no secret that Cognito generated.
pub fn check(publish: Option<bool>, generated: bool) -> Result<(), ApiError> {
    if publish == Some(true) && !generated {
        return Err(nothing_to_manage());
    }
    Ok(())
}

/// Returns whether the client has a secret that Cognito generated.
pub fn has_generated(client: &Client) -> bool {
    client.secrets.iter().any(|secret| !secret.custom)
}

/// Sets a schedule, or enables the existing one. The next rotation counts from the last.
pub fn schedule(shared: &Shared, kept: &mut Stored, schedule: Option<Schedule>, now: f64) {
    let Some(rotation) = &mut kept.rotation else {
        return;
    };
    if let Some(schedule) = schedule {
        rotation.schedule = schedule;
    }
    rotation.enabled = true;
    let from = rotation.last.unwrap_or(now);
    rotation.next = Some(from + period(shared, rotation.schedule));
}

/// Rotates a managed secret into the version `version`. With a fault, the version is announced without a value, and the rotation
/// stays due.
///
/// # Errors
/// The client no longer exists.
pub fn rotate(
    shared: &Shared,
    state: &mut State,
    name: &str,
    version: &str,
    now: f64,
) -> Result<(), ApiError> {
    let gone = || ApiError::internal("the app client of a managed secret is gone");
    let kept = state.stored.get_mut(name).ok_or_else(gone)?;
    let owner = kept.owner.clone().ok_or_else(gone)?;
    if fails(shared) {
        kept.put(version, None, [PENDING], now);
        if let Some(rotation) = &mut kept.rotation {
            rotation.next = Some(rotation.next.map_or(now, |next| next.min(now)));
        }
        return Ok(());
    }
    let value = unpoisoned(&shared.ids).secret()?;
    let content = content(&owner.pool, &owner.client, &value)?;
    let client = client(state, &owner.pool, &owner.client)?;
    if client.secrets.len() >= quota::SECRETS_PER_CLIENT {
        client.secrets.remove(0);
    }
    if shared.assumes(Assumption::PreviousSecretEnds) {
        client.secrets.clear();
    }
    let secret = secrets::new(client, value, now);
    client.secrets.push(secret);
    client.modified = later(now, client.modified);
    let kept = state.stored.get_mut(name).ok_or_else(gone)?;
    kept.put(version, Some(content), [CURRENT, PENDING], now);
    if let Some(rotation) = &mut kept.rotation {
        rotation.last = Some(now);
        let next = now + period(shared, rotation.schedule);
        rotation.next = rotation.enabled.then_some(next);
    }
    Ok(())
}

/// Moves the next rotations forward if `managed_rotation_every` is shorter than their interval.
pub fn hurry(shared: &Shared) {
    let Some(every) = shared.managed_rotation_every else {
        return;
    };
    let soon = shared.timestamp() + every.as_secs_f64();
    for kept in shared.lock().stored.values_mut() {
        if let Some(rotation) = &mut kept.rotation {
            rotation.next = rotation.next.map(|next| next.min(soon));
        }
    }
}

/// Runs what is due: rotations, once for each missed date that has a visible result, and deletions after their recovery window.
pub fn catch_up(shared: &Shared) {
    let now = shared.timestamp();
    let mut state = shared.lock();
    let before = state.stored.len();
    state
        .stored
        .retain(|_, kept| kept.deletion.is_none_or(|deletion| deletion > now));
    let mut changed = state.stored.len() != before;
    let due: Vec<String> = state
        .stored
        .values()
        .filter(|kept| next(kept).is_some_and(|next| next <= now))
        .map(|kept| kept.name.clone())
        .collect();
    for name in due {
        changed = true;
        while let Some((version, at)) = step(shared, &state, &name, now) {
            let rotated = rotate(shared, &mut state, &name, &version, at);
            let Some(kept) = state.stored.get_mut(&name) else {
                break;
            };
            if kept.unfinished().is_some() {
                break;
            }
            if let (Err(_), Some(rotation)) = (rotated, &mut kept.rotation) {
                // A direct change of the state removed its client.
                rotation.next = None;
            }
        }
    }
    drop(state);
    if changed {
        shared.touch();
    }
}

/// Returns the version and the date of the next rotation that is due.
fn step(shared: &Shared, state: &State, name: &str, now: f64) -> Option<(String, f64)> {
    let kept = state.stored.get(name)?;
    let due = next(kept).filter(|next| *next <= now)?;
    if let Some(version) = kept.unfinished() {
        return Some((version.id.clone(), now));
    }
    let period = period(shared, kept.rotation.as_ref()?.schedule);
    let untraced = ((now - due) / period - TRACES).floor().max(0.0);
    let version = unpoisoned(&shared.ids).version().ok()?;
    Some((version, due + untraced * period))
}

fn next(kept: &Stored) -> Option<f64> {
    let rotation = kept.rotation.as_ref()?;
    rotation.next.filter(|_| kept.owner.is_some())
}

/// Returns the seconds between two rotations.
pub fn period(shared: &Shared, schedule: Schedule) -> f64 {
    let period = shared.managed_rotation_every.unwrap_or(schedule.period());
    period.as_secs_f64().max(1.0)
}

fn fails(shared: &Shared) -> bool {
    let actions = shared.faults.next(MANAGED_ROTATION);
    actions
        .iter()
        .any(|action| !matches!(action, Action::Latency(_)))
}

fn client<'s>(state: &'s mut State, pool: &str, id: &str) -> Result<&'s mut Client, ApiError> {
    super::pool_of(state, pool)?
        .clients
        .iter_mut()
        .find(|client| client.id == id)
        .ok_or_else(|| ApiError::not_found(format!("User pool client {id} does not exist.")))
}

fn nothing_to_manage() -> ApiError {
    ApiError::invalid(
        "PublishSecretsInAWSSecretsManager can be set for an app client with a generated client secret only.",
    )
}
