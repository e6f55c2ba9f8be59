//! The secrets of an app client: at most two live at a time, and at least one if there ever was one.

use serde_json::{Value, json};

use super::super::assumptions::Assumption;
use super::super::errors::ApiError;
use super::super::quota;
use super::super::shared::{Shared, unpoisoned};
use super::super::state::{Client, Secret, Shown};
use super::{Answer, Call, later};

pub fn list(call: &mut Call<'_>) -> Answer {
    let (input, pager) = (call.input, &call.shared.pager);
    let client = call.regular_client()?;
    let page = pager.page(
        &format!("ListUserPoolClientSecrets {}", client.id),
        &client.secrets,
        |secret| &secret.id,
        input.given("NextToken"),
        quota::SECRETS_PER_CLIENT,
    )?;
    Ok(page.answer("ClientSecrets", described))
}

/// Adds a secret. Only a generated value is returned, and only here.
pub fn add(call: &mut Call<'_>) -> Answer {
    let (input, now, shared) = (call.input, call.now, call.shared);
    let client = call.regular_client()?;
    by_hand(shared, client)?;
    match client.secrets.len() {
        0 => {
            return Err(ApiError::invalid(
                "A client secret cannot be added to a client that was created without one.",
            ));
        }
        quota::SECRETS_PER_CLIENT.. => {
            let text = format!(
                "The maximum number of secrets per app client, {}, is reached.",
                quota::SECRETS_PER_CLIENT
            );
            return Err(if shared.assumes(Assumption::ThirdSecretInvalid) {
                ApiError::invalid(text)
            } else {
                ApiError::limit(text)
            });
        }
        _ => {}
    }
    let given = input.given("ClientSecret");
    let value = match given {
        Some(value) => value.to_owned(),
        None => unpoisoned(&shared.ids).secret()?,
    };
    let secret = Secret {
        custom: given.is_some(),
        ..new(client, value, now)
    };
    let mut answer = described(&secret);
    if let Some(members) = answer.as_object_mut().filter(|_| given.is_none()) {
        members.insert("ClientSecretValue".to_owned(), json!(secret.value));
    }
    client.secrets.push(secret);
    client.modified = later(now, client.modified);
    Ok(json!({"ClientSecretDescriptor": answer}))
}

pub fn delete(call: &mut Call<'_>) -> Answer {
    let (id, now, shared) = (call.input.text("ClientSecretId"), call.now, call.shared);
    let client = call.regular_client()?;
    by_hand(shared, client)?;
    if !client.secrets.iter().any(|secret| secret.id == id) {
        return Err(ApiError::not_found(format!(
            "Client secret {id} does not exist."
        )));
    }
    if client.secrets.len() == 1 {
        let text = "The last secret of a client cannot be deleted.";
        return Err(if shared.assumes(Assumption::LastSecretLimit) {
            ApiError::limit(text)
        } else {
            ApiError::invalid(text)
        });
    }
    let shown = client.shown_secret().is_some_and(|secret| secret.id == id);
    if shown && shared.assumes(Assumption::OriginalSecretLost) {
        client.shown = Shown::Nothing;
    }
    client.secrets.retain(|secret| secret.id != id);
    client.modified = later(now, client.modified);
    Ok(json!({}))
}

/// Refuses changes by hand to a managed secret.
fn by_hand(shared: &Shared, client: &Client) -> Result<(), ApiError> {
    if client.managed.is_some() && !shared.assumes(Assumption::ManagedSecretsByHand) {
        return Err(ApiError::invalid(
            "The client secret is managed in AWS Secrets Manager: rotate it there, or move it back to Cognito first.",
        ));
    }
    Ok(())
}

/// Creates a secret of the client. Its id ends in the second of its creation, or in the next free one.
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
        custom: false,
    }
}

fn described(secret: &Secret) -> Value {
    json!({"ClientSecretId": secret.id, "ClientSecretCreateDate": secret.created})
}
