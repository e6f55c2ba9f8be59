//! App clients.

use serde_json::{Map, Value, json};

use super::super::errors::ApiError;
use super::super::quota;
use super::super::shared::unpoisoned;
use super::super::state::{Client, Pool};
use super::{Answer, Call, Input, client_rules, later, secrets, settings};

/// Members of a request that are not settings, or are kept elsewhere.
const APART: [&str; 5] = [
    "UserPoolId",
    "ClientId",
    "ClientName",
    "GenerateSecret",
    "ClientSecret",
];

pub fn list(call: &mut Call<'_>) -> Answer {
    let (input, pager) = (call.input, &call.shared.pager);
    let pool = call.pool()?;
    let page = pager.page(
        &format!("ListUserPoolClients {}", pool.id),
        &pool.clients,
        |client| &client.id,
        input.given("NextToken"),
        input.page_size(60),
    )?;
    Ok(page.answer(
        "UserPoolClients",
        |client| json!({"ClientId": client.id, "ClientName": client.name, "UserPoolId": pool.id}),
    ))
}

pub fn describe(call: &mut Call<'_>) -> Answer {
    let pool = call.input.text("UserPoolId");
    let client = call.client()?;
    Ok(json!({"UserPoolClient": described(pool, client)}))
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let (input, now, shared) = (call.input, call.now, call.shared);
    let pool = call.pool()?;
    if input.flag("GenerateSecret") && input.has("ClientSecret") {
        return Err(ApiError::invalid(
            "GenerateSecret and ClientSecret cannot be used together.",
        ));
    }
    let confidential = input.flag("GenerateSecret") || input.has("ClientSecret");
    let settings = checked(pool, input, confidential, "creating")?;
    if pool.clients.len() >= quota::CLIENTS_PER_POOL {
        return Err(ApiError::limit(format!(
            "The maximum number of app clients per user pool, {}, is reached.",
            quota::CLIENTS_PER_POOL
        )));
    }
    let mut ids = unpoisoned(&shared.ids);
    let mut client = Client {
        id: ids.client()?,
        name: input.text("ClientName").to_owned(),
        created: now,
        modified: now,
        secrets: Vec::new(),
        settings,
    };
    if confidential {
        let value = match input.given("ClientSecret") {
            Some(value) => value.to_owned(),
            None => ids.secret()?,
        };
        let secret = secrets::new(&client, value, now);
        client.secrets.push(secret);
    }
    let answer = json!({"UserPoolClient": described(&pool.id, &client)});
    pool.clients.push(client);
    Ok(answer)
}

/// Replaces every setting: what the request omits returns to its default. Name, id and secrets stay.
pub fn update(call: &mut Call<'_>) -> Answer {
    let (input, now) = (call.input, call.now);
    let confidential = !call.client()?.secrets.is_empty();
    let settings = checked(call.pool()?, input, confidential, "updating")?;
    let client = call.client()?;
    if let Some(name) = input.given("ClientName") {
        name.clone_into(&mut client.name);
    }
    client.settings = settings;
    client.modified = later(now, client.modified);
    let pool = input.text("UserPoolId");
    Ok(json!({"UserPoolClient": described(pool, client)}))
}

pub fn delete(call: &mut Call<'_>) -> Answer {
    let id = call.client()?.id.clone();
    call.pool()?.clients.retain(|client| client.id != id);
    Ok(Value::Null)
}

fn checked(
    pool: &Pool,
    input: Input<'_>,
    confidential: bool,
    doing: &str,
) -> Result<Map<String, Value>, ApiError> {
    client_rules::check(pool, input, confidential, doing)?;
    let mut given = input.without(&APART);
    // Zero asks for the default, 30 days, whatever the unit.
    if input.number("RefreshTokenValidity") == Some(0) {
        given.remove("RefreshTokenValidity");
        let units = given.get_mut("TokenValidityUnits");
        if let Some(units) = units.and_then(Value::as_object_mut) {
            units.remove("RefreshToken");
        }
    }
    Ok(settings::client(given))
}

fn described(pool: &str, client: &Client) -> Value {
    let mut described = client.settings.clone();
    let mut put = |name: &str, value: Value| described.insert(name.to_owned(), value);
    put("UserPoolId", json!(pool));
    put("ClientId", json!(client.id));
    put("ClientName", json!(client.name));
    put("CreationDate", json!(client.created));
    put("LastModifiedDate", json!(client.modified));
    if let Some(secret) = client.secrets.first() {
        put("ClientSecret", json!(secret.value));
    }
    Value::Object(described)
}
