//! Deletes and restores a secret.

use serde::Deserialize;
use serde_json::json;

use super::super::errors::ApiError;
use super::super::shared::unpoisoned;
use super::read::Named;
use super::{Answer, Call, id, not_yours};

const DAY: f64 = 86_400.0;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Delete {
    secret_id: String,
    recovery_window_in_days: Option<u32>,
    #[serde(default)]
    force_delete_without_recovery: bool,
}

pub fn delete(call: &mut Call<'_>) -> Answer {
    let request: Delete = call.read()?;
    let force = request.force_delete_without_recovery;
    let days = match request.recovery_window_in_days {
        Some(_) if force => {
            return Err(ApiError::invalid(
                "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
            ));
        }
        Some(days) if !(7..=30).contains(&days) => {
            return Err(ApiError::invalid(
                "RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
            ));
        }
        days => days.unwrap_or(30),
    };
    let now = call.now;
    if !force {
        let stored = call.live(&request.secret_id)?;
        not_yours(stored)?;
        let deletion = now + f64::from(days) * DAY;
        stored.deletion = Some(deletion);
        return Ok(json!({"ARN": stored.arn, "Name": stored.name, "DeletionDate": deletion}));
    }
    // Not an error on AWS, either.
    let Some(name) = id::name(&call.state.stored, &request.secret_id)? else {
        let name = request.secret_id;
        let (region, account) = (&call.shared.region, &call.shared.account);
        let arn = if name.starts_with("arn:") {
            name.clone()
        } else {
            let end = unpoisoned(&call.shared.ids).arn_end()?;
            id::arn(region, account, &name, &end)
        };
        return Ok(json!({"ARN": arn, "Name": name, "DeletionDate": now}));
    };
    let stored = call.stored(&request.secret_id)?;
    not_yours(stored)?;
    let answer = json!({"ARN": stored.arn, "Name": stored.name, "DeletionDate": now});
    call.state.stored.remove(&name);
    Ok(answer)
}

pub fn restore(call: &mut Call<'_>) -> Answer {
    let request: Named = call.read()?;
    let stored = call.stored(&request.secret_id)?;
    stored.deletion = None;
    Ok(json!({"ARN": stored.arn, "Name": stored.name}))
}
