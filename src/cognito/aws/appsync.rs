//! Finds the GraphQL API that a client calls with its tokens, such as AWS TEAM's.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::errors;
use crate::cognito::sdk::pages::{ListOperation, Page, all_pages};
use crate::domain::ids::PoolId;
use crate::domain::oauth::api_call::GraphApi;

const OPERATION: &str = "ListGraphqlApis";
/// The key of the address for queries.
const ADDRESS: &str = "GRAPHQL";
const APIS_A_PAGE: i32 = 25;
/// A part of the name of AWS TEAM's API.
const TEAM: &str = "team-main";
/// The maximum of listed matches.
const LISTED: usize = 20;

impl Gateway {
    /// AWS TEAM's GraphQL APIs, with `team-main` in their names; usually one. Reads all pages of AppSync's `ListGraphqlApis`.
    ///
    /// # Errors
    /// Access is denied, or the endpoint has no AppSync.
    pub async fn team_graph_apis(&self) -> Result<Vec<GraphApi>, Error> {
        let mut apis = all_pages(|next| self.graph_apis(next)).await?;
        apis.retain(|api| api.name.contains(TEAM));
        Ok(apis)
    }

    /// The URL of the GraphQL API with this `name`, or the only one with it in its name; without a name AWS TEAM's, with `team-main` in
    /// its name. Reads all pages of AppSync's `ListGraphqlApis`. `None` if no API matches.
    ///
    /// # Errors
    /// Access is denied, or the endpoint has no AppSync; [`ErrorKind::Ambiguous`] if several APIs match, listed in the detail.
    pub async fn graph_endpoint(&self, name: Option<&str>) -> Result<Option<String>, Error> {
        let apis = all_pages(|next| self.graph_apis(next)).await?;
        let wanted = name.unwrap_or(TEAM);
        let mut found: Vec<&GraphApi> = apis.iter().filter(|api| api.name == wanted).collect();
        if found.is_empty() {
            found = apis
                .iter()
                .filter(|api| api.name.contains(wanted))
                .collect();
        }
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.url.clone())),
            several => {
                let listed = several.iter().take(LISTED);
                let listed: Vec<String> = listed
                    .map(|api| format!("{} {}", api.name, api.url))
                    .collect();
                let more = several.len().saturating_sub(LISTED);
                let more = match more {
                    0 => String::new(),
                    more => format!(", and {more} more"),
                };
                let count = several.len();
                Err(Error::new(
                    OPERATION,
                    ErrorKind::Ambiguous,
                    format!(
                        "{count} GraphQL APIs match {wanted}: {}{more}",
                        listed.join(", ")
                    ),
                    "Pass the full name of one, or its URL.",
                ))
            }
        }
    }

    async fn graph_apis(&self, next: Option<String>) -> Result<Page<GraphApi>, Error> {
        let call = self
            .inner
            .appsync
            .list_graphql_apis()
            .max_results(APIS_A_PAGE)
            .set_next_token(next.clone());
        let page = call.send().await.map_err(|error| {
            let origin = &self.inner.origin;
            // The response of Cognito's API host to an unknown path.
            let is_elsewhere = error.code() == Some("BadRequest");
            let error = errors::sdk_error(&error, "appsync", OPERATION, None, origin);
            match self.endpoint() {
                // It responds, but not for this service.
                Some(endpoint) if is_elsewhere || error.kind == ErrorKind::Malformed => Error {
                    kind: ErrorKind::Malformed,
                    detail: format!("no AppSync at {endpoint}"),
                    ..error
                },
                _ => error,
            }
        })?;
        let list = ListOperation {
            operation: OPERATION,
            of: None,
        };
        let api = |api: aws_sdk_appsync::types::GraphqlApi| {
            let others = api.additional_authentication_providers.unwrap_or_default();
            let pool = api.user_pool_config.filter(|_| others.is_empty());
            Some(GraphApi {
                name: api.name?,
                url: api.uris?.remove(ADDRESS)?,
                pool: pool.map(|config| PoolId::new(config.user_pool_id)),
            })
        };
        // An API without this address cannot be called.
        let apis = page.graphql_apis.map(|mut apis| {
            apis.retain(|api| api.uris().is_none_or(|uris| uris.contains_key(ADDRESS)));
            apis
        });
        Page::new(list, apis, api, page.next_token, next.as_deref())
    }
}
