//! Making, changing and deleting resource servers.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::error::BuildError;
use aws_sdk_cognitoidentityprovider::types::{ResourceServerScopeType, ResourceServerType};

use super::convert::{self, required};
use super::error::{Error, ErrorKind};
use super::gateway::Gateway;
use super::wire::{Answered, Members, Reader};
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
        told(reply.resource_server, OPERATION, about)
    }

    /// Changes a resource server's name and scopes by `change`: reads it again, compares it with what was `seen`, and sends the
    /// whole list of scopes, which `UpdateResourceServer` replaces. Its identifier can't be changed. Where nothing differs, nothing
    /// is sent. A scope that is taken away becomes inactive on the clients that list it; Cognito does not refuse.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`], with nothing written, where it is no longer as it was `seen`. Resource servers carry no date, so
    /// that what is compared is their name and scopes, in any order.
    pub async fn update_resource_server(
        &self,
        pool: &PoolId,
        seen: &ResourceServer,
        change: impl FnOnce(&mut ResourceServer) + Send,
    ) -> Result<ResourceServer, Error> {
        let now = self.is_as_seen(pool, seen, UPDATE).await?;
        let mut after = now.clone();
        change(&mut after);
        after.identifier.clone_from(&now.identifier);
        if after == now {
            return Ok(now);
        }
        self.put_server(pool, &after).await
    }

    /// `UpdateResourceServer` with all that `server` has.
    async fn put_server(
        &self,
        pool: &PoolId,
        server: &ResourceServer,
    ) -> Result<ResourceServer, Error> {
        let about = about(pool, &server.identifier);
        let call = self
            .cognito()
            .update_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(&server.identifier)
            .name(&server.name)
            .set_scopes(Some(sdk_scopes(&server.scopes, UPDATE)?));
        let reply = call
            .send()
            .await
            .map_err(self.failed(UPDATE, about.clone()))?;
        told(reply.resource_server, UPDATE, about)
    }

    /// `DescribeResourceServer`.
    pub async fn resource_server(
        &self,
        pool: &PoolId,
        identifier: &str,
    ) -> Result<ResourceServer, Error> {
        const OPERATION: &str = "DescribeResourceServer";
        let about = about(pool, identifier);
        let call = self
            .cognito()
            .describe_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(identifier);
        let answered = Answered::default();
        let reply = call
            .customize()
            .interceptor(answered.clone())
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))?;
        let mut server = told(reply.resource_server, OPERATION, about)?;
        let described = answered.object("ResourceServer").unwrap_or_default();
        complete(&mut server, &described);
        Ok(server)
    }

    /// Refuses where a resource server is no longer as it was `seen`.
    pub(super) async fn is_as_seen(
        &self,
        pool: &PoolId,
        seen: &ResourceServer,
        operation: &'static str,
    ) -> Result<ResourceServer, Error> {
        let now = self.resource_server(pool, &seen.identifier).await?;
        if contents(&now) == contents(seen) {
            return Ok(now);
        }
        let detail = "its name or scopes differ from what was read before";
        Err(self.changed(operation, detail, about(pool, &seen.identifier)))
    }

    /// `DeleteResourceServer`. Cognito does not refuse while clients list its scopes: they become inactive.
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

/// How errors name a resource server.
pub(super) fn about(pool: &PoolId, identifier: &str) -> String {
    format!("{pool}, resource server {identifier}")
}

/// The resource server of an answer that must have one.
fn told(
    server: Option<ResourceServerType>,
    operation: &'static str,
    about: String,
) -> Result<ResourceServer, Error> {
    required(server.and_then(convert::resource_server), operation, about)
}

/// Puts into `server` what the SDK's types lose of its description.
pub(super) fn complete(server: &mut ResourceServer, described: &Members) {
    server.managed_by = Reader::new(described).text("ManagedBy");
}

/// What an update can change. The order of scopes means nothing.
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
