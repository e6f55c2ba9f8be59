//! Resource servers and their scopes.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::errors::ApiError;
use super::super::quota;
use super::super::state::{Pool, ResourceServer, Scope};
use super::{Answer, Call, Input};

pub fn list(call: &mut Call<'_>) -> Answer {
    let (input, pager) = (call.input, &call.shared.pager);
    let pool = call.pool()?;
    let page = pager.page(
        &format!("ListResourceServers {}", pool.id),
        &pool.servers,
        |server| &server.identifier,
        input.given("NextToken"),
        input.page_size(50),
    )?;
    Ok(page.answer("ResourceServers", |server| described(&pool.id, server)))
}

pub fn describe(call: &mut Call<'_>) -> Answer {
    let identifier = call.input.text("Identifier");
    let pool = call.pool()?;
    let id = pool.id.clone();
    let server = find(pool, identifier)?;
    Ok(json!({"ResourceServer": described(&id, server)}))
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let input = call.input;
    let pool = call.pool()?;
    let server = server(input)?;
    if find(pool, &server.identifier).is_ok() {
        let (identifier, pool) = (&server.identifier, &pool.id);
        return Err(ApiError::invalid(format!(
            "{identifier} already exists in user pool {pool}."
        )));
    }
    if pool.servers.len() >= quota::SERVERS_PER_POOL {
        return Err(ApiError::limit(format!(
            "The maximum number of resource servers per user pool, {}, is reached.",
            quota::SERVERS_PER_POOL
        )));
    }
    let answer = json!({"ResourceServer": described(&pool.id, &server)});
    pool.servers.push(server);
    Ok(answer)
}

/// Replaces the name and the whole list of scopes. Clients that list a removed scope keep it, inactive.
pub fn update(call: &mut Call<'_>) -> Answer {
    let input = call.input;
    let pool = call.pool()?;
    let id = pool.id.clone();
    let known = changeable(find(pool, input.text("Identifier"))?)?;
    *known = server(input)?;
    Ok(json!({"ResourceServer": described(&id, known)}))
}

/// Deletes a server, even if clients still list its scopes.
pub fn delete(call: &mut Call<'_>) -> Answer {
    let identifier = call.input.text("Identifier");
    let pool = call.pool()?;
    changeable(find(pool, identifier)?)?;
    pool.servers
        .retain(|server| server.identifier != identifier);
    Ok(Value::Null)
}

fn find<'p>(pool: &'p mut Pool, identifier: &str) -> Result<&'p mut ResourceServer, ApiError> {
    pool.servers
        .iter_mut()
        .find(|server| server.identifier == identifier)
        .ok_or_else(|| ApiError::not_found(format!("Resource server {identifier} does not exist.")))
}

/// Refuses to change a server that Cognito manages.
fn changeable(server: &mut ResourceServer) -> Result<&mut ResourceServer, ApiError> {
    match &server.managed_by {
        None => Ok(server),
        Some(_) => Err(ApiError::invalid(format!(
            "Resource server {} is managed by Amazon Cognito and cannot be changed.",
            server.identifier
        ))),
    }
}

fn server(input: Input<'_>) -> Result<ResourceServer, ApiError> {
    let scopes: Vec<Scope> = input
        .items("Scopes")
        .map(Input)
        .map(|scope| Scope {
            scope_name: scope.text("ScopeName").to_owned(),
            scope_description: scope.text("ScopeDescription").to_owned(),
        })
        .collect();
    let mut names = HashSet::new();
    if let Some(twice) = scopes.iter().find(|scope| !names.insert(&scope.scope_name)) {
        return Err(ApiError::invalid(format!(
            "Duplicate scope name: {}",
            twice.scope_name
        )));
    }
    Ok(ResourceServer {
        identifier: input.text("Identifier").to_owned(),
        name: input.text("Name").to_owned(),
        scopes,
        managed_by: None,
    })
}

fn described(pool: &str, server: &ResourceServer) -> Value {
    let mut described = json!({
        "UserPoolId": pool,
        "Identifier": server.identifier,
        "Name": server.name,
        "Scopes": server.scopes,
    });
    if let (Some(keeper), Some(members)) = (&server.managed_by, described.as_object_mut()) {
        members.insert("ManagedBy".to_owned(), json!(keeper));
    }
    described
}
