//! Creates, updates and deletes resource servers.

use std::collections::BTreeMap;
use std::mem;

use aws_sdk_cognitoidentityprovider::error::BuildError;
use aws_sdk_cognitoidentityprovider::types::{ResourceServerScopeType, ResourceServerType};

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::convert::{self, required};
use crate::cognito::sdk::json_body::{self, Members, Reader, ResponseBody};
use crate::domain::ids::PoolId;
use crate::domain::resource_server::{ResourceServer, Scope};

impl Gateway {
    /// `CreateResourceServer` with all its scopes.
    pub async fn create_resource_server(
        &self,
        pool: &PoolId,
        server: &ResourceServer,
    ) -> Result<ResourceServer, Error> {
        const OPERATION: &str = "CreateResourceServer";
        let about = about(pool, &server.identifier);
        let call = self
            .cognito()
            .create_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(&server.identifier)
            .name(&server.name)
            .set_scopes(Some(sdk_scopes(&server.scopes, OPERATION)?));
        let reply = call
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))?;
        from_response(reply.resource_server, OPERATION, about)
    }

    /// Changes a resource server's name and scopes by `change`: reads it again, compares it with what was `seen`, and sends all scopes,
    /// which `UpdateResourceServer` replaces, and all other described members. The identifier cannot change. Sends nothing if nothing
    /// differs. A removed scope becomes inactive on its clients; Cognito does not refuse that.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`], with nothing written, if it differs from what was `seen`. Resource servers have no date, so names and
    /// scopes are compared, in any order.
    pub async fn update_resource_server(
        &self,
        pool: &PoolId,
        seen: &ResourceServer,
        change: impl FnOnce(&mut ResourceServer) + Send,
    ) -> Result<ResourceServer, Error> {
        let (now, described) = self.describe_as_seen(pool, seen, UPDATE).await?;
        if let Some(owner) = &now.managed_by {
            let detail = format!("{owner} manages this resource server");
            let next = "It cannot be changed. Create your own resource server.";
            let error = Error::new(UPDATE, ErrorKind::Invalid, detail, next);
            return Err(error.about(about(pool, &seen.identifier)));
        }
        let mut after = now.clone();
        change(&mut after);
        after.identifier.clone_from(&now.identifier);
        if after.name == now.name && after.scopes == now.scopes {
            return Ok(now);
        }
        self.put_server(pool, described, &after).await
    }

    /// `UpdateResourceServer` with everything `described`, and the name and scopes of `server`.
    async fn put_server(
        &self,
        pool: &PoolId,
        described: Members,
        server: &ResourceServer,
    ) -> Result<ResourceServer, Error> {
        let about = about(pool, &server.identifier);
        let update = update(pool, described, server);
        let answered = ResponseBody::default();
        let reply = self
            .cognito()
            .update_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(&server.identifier)
            .name(&server.name)
            .customize()
            .interceptor(answered.clone())
            .mutate_request(move |call| json_body::send(call, &update))
            .send()
            .await
            .map_err(self.failed(UPDATE, about.clone()))?;
        let mut server = from_response(reply.resource_server, UPDATE, about.clone())?;
        let described = answered.object(OBJECT).unwrap_or_default();
        complete(&mut server, &described, UPDATE, &about)?;
        Ok(server)
    }

    /// `DescribeResourceServer`.
    pub async fn resource_server(
        &self,
        pool: &PoolId,
        identifier: &str,
    ) -> Result<ResourceServer, Error> {
        Ok(self.describe_server(pool, identifier).await?.0)
    }

    /// `DescribeResourceServer`, with the raw JSON.
    async fn describe_server(
        &self,
        pool: &PoolId,
        identifier: &str,
    ) -> Result<(ResourceServer, Members), Error> {
        const OPERATION: &str = "DescribeResourceServer";
        let about = about(pool, identifier);
        let call = self
            .cognito()
            .describe_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(identifier);
        let answered = ResponseBody::default();
        let reply = call
            .customize()
            .interceptor(answered.clone())
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))?;
        let described = required(answered.object(OBJECT), OPERATION, about.clone())?;
        let mut server = from_response(reply.resource_server, OPERATION, about.clone())?;
        complete(&mut server, &described, OPERATION, &about)?;
        Ok((server, described))
    }

    /// Fails if a resource server differs from what was `seen`.
    pub async fn is_as_seen(
        &self,
        pool: &PoolId,
        seen: &ResourceServer,
        operation: &'static str,
    ) -> Result<ResourceServer, Error> {
        Ok(self.describe_as_seen(pool, seen, operation).await?.0)
    }

    /// The same, with the raw JSON.
    async fn describe_as_seen(
        &self,
        pool: &PoolId,
        seen: &ResourceServer,
        operation: &'static str,
    ) -> Result<(ResourceServer, Members), Error> {
        let (now, described) = self.describe_server(pool, &seen.identifier).await?;
        if contents(&now) == contents(seen) && now.other == seen.other {
            return Ok((now, described));
        }
        let detail = "its name, scopes or another setting differs from what was read";
        Err(self.changed(operation, detail, about(pool, &seen.identifier)))
    }

    /// `DeleteResourceServer`. Cognito does not refuse while clients have its scopes: these become inactive.
    pub async fn delete_resource_server(
        &self,
        pool: &PoolId,
        identifier: &str,
    ) -> Result<(), Error> {
        let call = self
            .cognito()
            .delete_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(identifier);
        call.send()
            .await
            .map_err(self.failed("DeleteResourceServer", about(pool, identifier)))?;
        Ok(())
    }
}

const UPDATE: &str = "UpdateResourceServer";
const OBJECT: &str = "ResourceServer";
const SCOPES: &str = "Scopes";

/// The known members of a description. Source: botocore 1.44.8, `ResourceServerType`. Scopes are checked one by one.
const KNOWN: [(&str, &[&str]); 1] = [(
    "",
    &["UserPoolId", "Identifier", "Name", SCOPES, "ManagedBy"],
)];
const KNOWN_OF_SCOPE: [(&str, &[&str]); 1] = [("", &["ScopeName", "ScopeDescription"])];

/// How errors name a resource server.
pub fn about(pool: &PoolId, identifier: &str) -> String {
    format!("{pool}, resource server {identifier}")
}

/// The resource server of a response that must have one.
fn from_response(
    server: Option<ResourceServerType>,
    operation: &'static str,
    about: String,
) -> Result<ResourceServer, Error> {
    required(server.and_then(convert::resource_server), operation, about)
}

/// Adds to `server` what the SDK's types drop.
///
/// # Errors
/// [`ErrorKind::Malformed`]: a member is not of its kind.
fn complete(
    server: &mut ResourceServer,
    described: &Members,
    operation: &'static str,
    about: &str,
) -> Result<(), Error> {
    let mut reader = Reader::new(described);
    server.managed_by = reader.text("ManagedBy");
    let scopes: Vec<Members> = reader.list(SCOPES);
    reader.finish(operation, about)?;
    server.other = json_body::others(described, &KNOWN);
    for scope in scopes {
        let name = Reader::new(&scope).text("ScopeName").unwrap_or_default();
        let others = json_body::others(&scope, &KNOWN_OF_SCOPE);
        server.other = mem::take(&mut server.other).with(&format!("{SCOPES}[{name}]"), others);
    }
    Ok(())
}

/// Adds to `servers` of `pool` what the SDK's types drop.
///
/// # Errors
/// The same.
pub fn complete_all(
    servers: &mut [ResourceServer],
    described: &[Members],
    operation: &'static str,
    pool: &PoolId,
) -> Result<(), Error> {
    for described in described {
        let identifier = Reader::new(described).text("Identifier");
        let server = servers
            .iter_mut()
            .find(|server| Some(&server.identifier) == identifier.as_ref());
        if let Some(server) = server {
            let about = about(pool, &server.identifier);
            complete(server, described, operation, &about)?;
        }
    }
    Ok(())
}

/// The scopes of a description.
fn scopes(described: &Members) -> Vec<Members> {
    Reader::new(described).list(SCOPES)
}

/// The `UpdateResourceServer` that keeps a resource server as `described`, with the name and scopes of `after`. Unknown members of the
/// server and of each kept scope are sent back: at worst Cognito refuses them, while omitting them resets them silently.
fn update(pool: &PoolId, described: Members, after: &ResourceServer) -> Members {
    let before = scopes(&described);
    let text = |members: &Members, name: &'static str| Reader::new(members).text(name);
    let scope = |scope: &Scope| {
        let named = |members: &&Members| text(members, "ScopeName").as_ref() == Some(&scope.name);
        let mut members = before.iter().find(named).cloned().unwrap_or_default();
        put(&mut members, "ScopeName", &scope.name);
        put(&mut members, "ScopeDescription", &scope.description);
        members
    };
    let scopes: Vec<Members> = after.scopes.iter().map(scope).collect();
    let mut update = described;
    update.remove("ManagedBy");
    update.retain(|_, value| value.get() != "null");
    put(&mut update, "UserPoolId", pool.as_str());
    put(&mut update, "Identifier", &after.identifier);
    put(&mut update, "Name", &after.name);
    update.insert(SCOPES.to_owned(), json_body::joined(&scopes));
    update
}

/// Sets a text if it differs.
fn put(members: &mut Members, name: &'static str, text: &str) {
    if Reader::new(members).text(name).as_deref() != Some(text) {
        members.insert(name.to_owned(), json_body::raw(&text.into()));
    }
}

/// What an update can change. The order of scopes has no meaning.
fn contents(server: &ResourceServer) -> (&str, BTreeMap<&str, &str>) {
    let scopes = server.scopes.iter();
    let scopes = scopes.map(|scope| (scope.name.as_str(), scope.description.as_str()));
    (&server.name, scopes.collect())
}

fn sdk_scopes(
    scopes: &[Scope],
    operation: &'static str,
) -> Result<Vec<ResourceServerScopeType>, Error> {
    let scope = |scope: &Scope| {
        ResourceServerScopeType::builder()
            .scope_name(&scope.name)
            .scope_description(&scope.description)
            .build()
    };
    let scopes: Result<_, BuildError> = scopes.iter().map(scope).collect();
    scopes.map_err(|error| Error::new(operation, ErrorKind::Invalid, error.to_string(), ""))
}
