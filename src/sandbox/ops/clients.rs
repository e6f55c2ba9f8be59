//! App clients.

use serde_json::{Map, Value, json};

use super::super::assumptions::Assumption;
use super::super::errors::ApiError;
use super::super::quota;
use super::super::shared::{Shared, unpoisoned};
use super::super::state::{Client, ClientType, Pool, Secret, Shown, State};
use super::client_rules::{self, Subject};
use super::{Answer, Call, Input, later, managed, pool_of, secrets, settings};

/// Whether Cognito keeps the client's secret in Secrets Manager. It is asked for and never described.
const PUBLISH: &str = "PublishSecretsInAWSSecretsManager";

const ROTATION: &str = "RefreshTokenRotation";

/// Rotation of refresh tokens, where a request omits it and it is described all the same: once it was set.
fn no_rotation() -> Value {
    json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0})
}

/// Members of a request that are not settings, or are kept elsewhere.
const APART: [&str; 6] = [
    "UserPoolId",
    "ClientId",
    "ClientName",
    "GenerateSecret",
    "ClientSecret",
    PUBLISH,
];

/// Lists clients. The filter by type removes clients from a page without refilling it: a page may be short or empty and not be
/// the last.
pub fn list(call: &mut Call<'_>) -> Answer {
    let (input, pager) = (call.input, &call.shared.pager);
    let pool = call.pool()?;
    let only = input.given("ClientType");
    let mut page = pager.page(
        &format!("ListUserPoolClients {} {}", pool.id, only.unwrap_or("all")),
        &pool.clients,
        |client| &client.id,
        input.given("NextToken"),
        input.page_size(60),
    )?;
    page.items
        .retain(|client| only.is_none_or(|only| client.client_type.name() == only));
    Ok(page.answer(
        "UserPoolClients",
        |client| json!({"ClientId": client.id, "ClientName": client.name, "UserPoolId": pool.id}),
    ))
}

pub fn describe(call: &mut Call<'_>) -> Answer {
    let shared = call.shared;
    let client = call.client()?.clone();
    let mut described = described(call, &client);
    if shared.assumes(Assumption::ArnNotDescribed)
        && let Some(members) = described.as_object_mut()
    {
        members.remove("ClientSecretArn");
    }
    Ok(json!({"UserPoolClient": described}))
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let (input, now, shared) = (call.input, call.now, call.shared);
    let pool = call.pool()?;
    managed::check(input.asked(PUBLISH), input.flag("GenerateSecret"))?;
    let client = made(shared, pool, input, now, ClientType::Regular)?;
    let id = client.id.clone();
    pool.clients.push(client);
    publish(call, &id)?;
    answer(call, &id)
}

/// Registers a client for an application: from the validated input of a CreateUserPoolClient, by the same rules.
pub fn register(shared: &Shared, pool: &str, input: &Value) -> Result<Client, ApiError> {
    let client = {
        let mut state = shared.lock();
        let pool = pool_of(&mut state, pool)?;
        let now = shared.timestamp();
        let client = made(shared, pool, Input(input), now, ClientType::Dcr)?;
        pool.clients.push(client.clone());
        client
    };
    shared.touch();
    Ok(client)
}

fn made(
    shared: &Shared,
    pool: &Pool,
    input: Input<'_>,
    now: f64,
    client_type: ClientType,
) -> Result<Client, ApiError> {
    if input.flag("GenerateSecret") && input.has("ClientSecret") {
        return Err(ApiError::invalid(
            "GenerateSecret and ClientSecret cannot be used together.",
        ));
    }
    let confidential = input.flag("GenerateSecret") || input.has("ClientSecret");
    let subject = Subject {
        confidential,
        client_type,
        doing: "creating",
    };
    let mut settings = checked(pool, input, subject)?;
    if shared.assumes(Assumption::RotationDescribed) {
        settings.entry(ROTATION).or_insert_with(no_rotation);
    }
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
        client_type,
        managed: None,
        shown: Shown::default(),
    };
    if confidential {
        let given = input.given("ClientSecret");
        let value = match given {
            Some(value) => value.to_owned(),
            None => ids.secret()?,
        };
        let secret = Secret {
            custom: given.is_some(),
            ..secrets::new(&client, value, now)
        };
        client.secrets.push(secret);
    }
    Ok(client)
}

/// Replaces all settings: an omitted one returns to its default. Name, id and secrets stay.
pub fn update(call: &mut Call<'_>) -> Answer {
    let (input, now) = (call.input, call.now);
    // Moving a secret in is one of the operations on secrets.
    let client = match input.asked(PUBLISH) {
        Some(true) => call.regular_client()?,
        _ => call.client()?,
    };
    let id = client.id.clone();
    managed::check(input.asked(PUBLISH), managed::has_generated(client))?;
    let subject = Subject {
        confidential: !client.secrets.is_empty(),
        client_type: client.client_type,
        doing: "updating",
    };
    let mut settings = checked(call.pool()?, input, subject)?;
    let client = call.client()?;
    if client.settings.contains_key(ROTATION) {
        settings.entry(ROTATION).or_insert_with(no_rotation);
    }
    if let Some(name) = input.given("ClientName") {
        name.clone_into(&mut client.name);
    }
    client.settings = settings;
    client.modified = later(now, client.modified);
    publish(call, &id)?;
    answer(call, &id)
}

/// Moves the secret into or out of Secrets Manager, as requested. Does nothing if it is already there.
fn publish(call: &mut Call<'_>, id: &str) -> Result<(), ApiError> {
    let pool = call.pool()?;
    let managed = pool
        .clients
        .iter()
        .any(|client| client.id == id && client.managed.is_some());
    let pool = pool.id.clone();
    match call.input.asked(PUBLISH) {
        Some(true) if !managed => managed::move_in(call.shared, call.state, &pool, id, call.now),
        Some(false) if managed => managed::move_out(call.state, &pool, id),
        _ => Ok(()),
    }
}

/// Deletes a client and its managed secret.
pub fn delete(call: &mut Call<'_>) -> Answer {
    let client = call.client()?;
    let (id, managed) = (client.id.clone(), client.managed.clone());
    call.pool()?.clients.retain(|client| client.id != id);
    if let Some(name) = managed {
        call.state.stored.remove(&name);
    }
    Ok(Value::Null)
}

fn checked(
    pool: &Pool,
    input: Input<'_>,
    subject: Subject,
) -> Result<Map<String, Value>, ApiError> {
    client_rules::check(pool, input, subject)?;
    let mut given = input.without(&APART);
    // Zero means the default, 30 days, in any unit.
    if input.number("RefreshTokenValidity") == Some(0) {
        given.remove("RefreshTokenValidity");
        let units = given.get_mut("TokenValidityUnits");
        if let Some(units) = units.and_then(Value::as_object_mut) {
            units.remove("RefreshToken");
        }
    }
    Ok(settings::client(given))
}

/// Returns the client in the responses of Create and Update.
fn answer(call: &mut Call<'_>, id: &str) -> Answer {
    let clients = &call.pool()?.clients;
    let client = clients.iter().find(|client| client.id == id).cloned();
    let described = client.map(|client| described(call, &client));
    Ok(json!({"UserPoolClient": described}))
}

fn described(call: &Call<'_>, client: &Client) -> Value {
    let mut described = client.settings.clone();
    let mut put = |name: &str, value: Value| described.insert(name.to_owned(), value);
    put("UserPoolId", json!(call.input.text("UserPoolId")));
    put("ClientId", json!(client.id));
    put("ClientName", json!(client.name));
    put("ClientType", json!(client.client_type.name()));
    put("CreationDate", json!(client.created));
    put("LastModifiedDate", json!(client.modified));
    let mut shown = client.shown_secret();
    if call.shared.assumes(Assumption::NewestSecretDescribed) {
        shown = shown.and(client.secrets.last());
    }
    if let Some(arn) = arn(call.state, client) {
        put("ClientSecretArn", json!(arn));
    } else if let Some(secret) = shown {
        put("ClientSecret", json!(secret.value));
    }
    Value::Object(described)
}

/// Returns the ARN of the client's secret in Secrets Manager.
fn arn<'s>(state: &'s State, client: &Client) -> Option<&'s str> {
    let stored = state.stored.get(client.managed.as_ref()?)?;
    Some(&stored.arn)
}
