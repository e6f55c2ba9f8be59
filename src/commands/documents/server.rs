//! The JSON of a resource server and of a scope.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::commands::shared::read_clients::other_members;
use crate::domain::ids::PoolId;
use crate::domain::plan::as_name;
use crate::domain::resource_server::{ResourceServer, Scope};

/// A resource server.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerDocument {
    // Which pool it is in, and what others set.
    pub identity: Value,
    pub pool_id: Value,
    pub managed_by: Value,
    pub other: serde_json::Map<String, Value>,
    // Its settings.
    pub identifier: Option<String>,
    pub name: Option<String>,
    pub scopes: Option<Vec<ScopeText>>,
}

/// A scope of a resource server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeText {
    pub name: String,
    pub description: String,
}

/// A scope.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScopeDocument {
    pub identity: Value,
    pub pool_id: Value,
    /// Identifier and name.
    pub scope: Option<String>,
    pub identifier: Value,
    pub name: Value,
    pub description: Option<String>,
    pub clients: Value,
}

impl ScopeText {
    /// From `NAME=DESCRIPTION`. The description is the name if there is none.
    pub fn parse(text: &str) -> Self {
        let (name, description) = text.split_once('=').unwrap_or((text, text));
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
        }
    }

    /// As the domain has it.
    pub fn scope(self) -> Scope {
        Scope {
            name: self.name,
            description: self.description,
        }
    }
}

impl ServerDocument {
    /// A resource server as Cognito describes it.
    pub fn of(pool: &PoolId, server: &ResourceServer) -> Self {
        let scopes = server.scopes.iter().map(|scope| ScopeText {
            name: scope.name.clone(),
            description: scope.description.clone(),
        });
        Self {
            identity: Value::Null,
            pool_id: pool.as_str().into(),
            managed_by: server.managed_by.clone().into(),
            other: other_members(&server.other),
            identifier: Some(server.identifier.clone()),
            name: Some(server.name.clone()),
            scopes: Some(scopes.collect()),
        }
    }

    /// A new resource server. Its name is like the identifier if none is stated.
    pub fn new_server(self) -> ResourceServer {
        let identifier = self.identifier.unwrap_or_default();
        ResourceServer {
            name: self.name.unwrap_or_else(|| as_name(&identifier)),
            identifier,
            scopes: self
                .scopes
                .into_iter()
                .flatten()
                .map(ScopeText::scope)
                .collect(),
            ..ResourceServer::default()
        }
    }

    /// Changes what the document states. Scopes become exactly these.
    pub fn change(self, server: &mut ResourceServer) {
        if let Some(name) = self.name {
            server.name = name;
        }
        if let Some(scopes) = self.scopes {
            let scopes: Vec<Scope> = scopes.into_iter().map(ScopeText::scope).collect();
            let same = scopes.len() == server.scopes.len()
                && scopes.iter().all(|scope| server.scopes.contains(scope));
            // Their order says nothing.
            if !same {
                server.scopes = scopes;
            }
        }
    }
}
