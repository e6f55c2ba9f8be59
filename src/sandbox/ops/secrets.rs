//! The secrets of an app client: at most two live at a time, and never none once there was one.

use serde_json::{Value, json};

use super::super::errors::ApiError;
use super::super::quota;
use super::super::shared::unpoisoned;
use super::super::state::{Client, Secret};
use super::{Answer, Call, later};

pub fn list(call: &mut Call<'_>) -> Answer {
    let (input, pager) = (call.input, &call.shared.pager);
    let client = call.client()?;
    let page = pager.page(
        &format!("ListUserPoolClientSecrets {}", client.id),
        &client.secrets,
        |secret| &secret.id,
        input.given("NextToken"),
        quota::SECRETS_PER_CLIENT,
    )?;
    Ok(page.answer("ClientSecrets", described))
}

/// The answer tells the value only if it was generated, and no other answer ever will.
pub fn add(call: &mut Call<'_>) -> Answer {
    let (input, now, shared) = (call.input, call.now, call.shared);
    let client = call.client()?;
    match client.secrets.len() {
        0 => {
            return Err(ApiError::invalid(
                "A client secret cannot be added to a client that was created without one.",
            ));
        }
        quota::SECRETS_PER_CLIENT.. => {
            return Err(ApiError::limit(format!(
                "The maximum number of secrets per app client, {}, is reached.",
                quota::SECRETS_PER_CLIENT
            )));
        }
        _ => {}
    }
    let given = input.given("ClientSecret");
    let value = match given {
        Some(value) => value.to_owned(),
        None => unpoisoned(&shared.ids).secret()?,
    };
    let secret = new(client, value, now);
    let mut answer = described(&secret);
    if let Some(members) = answer.as_object_mut().filter(|_| given.is_none()) {
        members.insert("ClientSecretValue".to_owned(), json!(secret.value));
    }
    client.secrets.push(secret);
    client.modified = later(now, client.modified);
    Ok(json!({"ClientSecretDescriptor": answer}))
}

pub fn delete(call: &mut Call<'_>) -> Answer {
    let (id, now) = (call.input.text("ClientSecretId"), call.now);
    let client = call.client()?;
    if !client.secrets.iter().any(|secret| secret.id == id) {
        return Err(ApiError::not_found(format!(
            "Client secret {id} does not exist."
        )));
    }
    if client.secrets.len() == 1 {
        return Err(ApiError::invalid(
            "The last secret of a client cannot be deleted.",
        ));
    }
    client.secrets.retain(|secret| secret.id != id);
    client.modified = later(now, client.modified);
    Ok(json!({}))
}

/// A secret of the client. Its id ends in the second of its making, or in the next one that is free.
pub fn new(client: &Client, value: String, now: f64) -> Secret {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a date of this age is far from the limits of i64"
    )]
    let second = now as i64;
    let mut id = format!("{}--{second}", client.id);
    // There is at most one other.
    if client.secrets.iter().any(|secret| secret.id == id) {
        id = format!("{}--{}", client.id, second + 1);
    }
    Secret {
        id,
        value,
        created: now,
    }
}

fn described(secret: &Secret) -> Value {
    json!({"ClientSecretId": secret.id, "ClientSecretCreateDate": secret.created})
}
