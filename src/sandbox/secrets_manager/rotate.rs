//! RotateSecret and CancelRotateSecret. Only managed secrets rotate: there are no Lambda functions here.

use serde::Deserialize;
use serde_json::json;

use super::super::errors::ApiError;
use super::super::ops::managed;
use super::read::Named;
use super::{Answer, Call, Schedule, invalid_request, write};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Request {
    secret_id: String,
    client_request_token: Option<String>,
    #[serde(rename = "RotationLambdaARN")]
    rotation_lambda_arn: Option<String>,
    rotation_rules: Option<Rules>,
    rotate_immediately: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Rules {
    automatically_after_days: Option<u32>,
    schedule_expression: Option<String>,
}

pub fn rotate(call: &mut Call<'_>) -> Answer {
    let request: Request = call.read()?;
    let (now, shared) = (call.now, call.shared);
    let token = write::token(request.client_request_token, "InvalidParameterException")?;
    let schedule = request.rotation_rules.unwrap_or_default().schedule()?;
    let stored = call.live(&request.secret_id)?;
    let answer = json!({"ARN": stored.arn, "Name": stored.name, "VersionId": token});
    match (&stored.owner, request.rotation_lambda_arn) {
        (None, None) => {
            return Err(invalid_request(
                "No Lambda rotation function ARN is associated with this secret.",
            ));
        }
        (None, Some(_)) => {
            return Err(ApiError::new(
                "AccessDeniedException",
                "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access \
                 to the principal secretsmanager.amazonaws.com.",
            ));
        }
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid(
                "A secret with managed rotation has no RotationLambdaARN.",
            ));
        }
        (Some(_), None) => {}
    }
    if stored.version(&token).is_some() {
        return Ok(answer);
    }
    if stored.unfinished().is_some() {
        return Err(invalid_request(
            "A previous rotation isn't complete. That rotation will be reattempted.",
        ));
    }
    let name = stored.name.clone();
    managed::schedule(shared, stored, schedule, now);
    if request.rotate_immediately.unwrap_or(true) {
        managed::rotate(shared, call.state, &name, &token, now)?;
    }
    Ok(answer)
}

pub fn cancel(call: &mut Call<'_>) -> Answer {
    let request: Named = call.read()?;
    let stored = call.live(&request.secret_id)?;
    let mut answer = json!({"ARN": stored.arn, "Name": stored.name});
    if let (Some(version), Some(members)) = (stored.unfinished(), answer.as_object_mut()) {
        members.insert("VersionId".to_owned(), json!(version.id));
    }
    match &mut stored.rotation {
        Some(rotation) if rotation.enabled => {
            rotation.enabled = false;
            rotation.next = None;
            Ok(answer)
        }
        _ => Err(invalid_request(
            "You can't cancel the rotation of a secret whose rotation is not turned on.",
        )),
    }
}

impl Rules {
    /// Returns the requested schedule; `None` keeps the current one.
    fn schedule(self) -> Result<Option<Schedule>, ApiError> {
        match (self.automatically_after_days, self.schedule_expression) {
            (None, None) => Ok(None),
            (Some(days), None) => Ok(Some(Schedule::AfterDays(days))),
            (None, Some(expression)) => rate(&expression).map(Some).ok_or_else(|| {
                ApiError::invalid(format!(
                    "The embedded Secrets Manager does not play the schedule {expression}: write rate(N days), or rate(N hours) \
                     with 4 hours or more."
                ))
            }),
            (Some(_), Some(_)) => Err(ApiError::invalid(
                "You can't specify both AutomaticallyAfterDays and ScheduleExpression.",
            )),
        }
    }
}

/// Parses `rate(10 days)`, `rate(1 day)`, `rate(12 hours)`.
fn rate(expression: &str) -> Option<Schedule> {
    let inside = expression.strip_prefix("rate(")?.strip_suffix(')')?;
    let (count, unit) = inside.trim().split_once(' ')?;
    let count: u32 = count.parse().ok()?;
    match unit.trim() {
        "day" | "days" if (1..=1000).contains(&count) => Some(Schedule::RateInDays(count)),
        "hour" | "hours" if (4..=24_000).contains(&count) => Some(Schedule::RateInHours(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_in_days_or_in_four_hours_and_more() {
        for (text, schedule) in [
            ("rate(10 days)", Some(Schedule::RateInDays(10))),
            ("rate(1 day)", Some(Schedule::RateInDays(1))),
            ("rate(12 hours)", Some(Schedule::RateInHours(12))),
            ("rate(3 hours)", None),
            ("rate(0 days)", None),
            ("rate(days)", None),
            ("cron(0 8 1 * ? *)", None),
            ("10 days", None),
        ] {
            assert_eq!(rate(text), schedule, "{text}");
        }
    }
}
