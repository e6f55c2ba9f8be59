//! AppSync, as far as a machine looks there for the API that it calls: the list of GraphQL APIs.
//!
//! Another service than Cognito: the operation is a path, a refusal is named in a header alone, and the list is asked for in the query
//! string. An API's address is AWS's own; nothing answers there for the sandbox.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use super::errors::ApiError;
use super::oauth::hosts;
use super::shared::Shared;
use super::state::GraphApi;
use super::{auth, ids, wire};

/// Where the list is.
pub const PATH: &str = "/v1/apis";
pub const OPERATION: &str = "ListGraphqlApis";

const MOST: usize = 25;
const DEFAULT: usize = 10;

/// Answers ListGraphqlApis.
pub async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let ours = host.is_some_and(|host| {
        hosts::is_this_machine(host) || hosts::is_service(host, &shared.region, &["appsync"])
    });
    if !ours {
        return wire::no_operation();
    }
    match page(&shared, &headers, query.as_deref().unwrap_or_default()) {
        Ok(page) => respond(StatusCode::OK, &page),
        Err(refusal) => {
            let status = match refusal.name {
                "BadRequestException" => StatusCode::BAD_REQUEST,
                _ => StatusCode::FORBIDDEN,
            };
            refused(status, refusal.name, &refusal.message)
        }
    }
}

/// The refusal of a request; the name is in a header.
pub fn refused(status: StatusCode, name: &str, message: &str) -> Response<Body> {
    let mut response = respond(status, &json!({ "message": message }));
    if let Ok(name) = HeaderValue::try_from(name) {
        response.headers_mut().insert("x-amzn-errortype", name);
    }
    response
}

fn page(shared: &Shared, headers: &HeaderMap, query: &str) -> Result<Value, ApiError> {
    auth::signed(headers, &shared.region)?;
    shared.record(OPERATION);
    let given = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    let bad = |message: &str| ApiError::new("BadRequestException", message);
    let size = match given("maxResults").map(|size| size.parse::<usize>()) {
        None | Some(Ok(0)) => DEFAULT,
        Some(Ok(size)) if size <= MOST => size,
        Some(_) => return Err(bad("maxResults must be between 0 and 25.")),
    };
    // What is here is of this account, and no API is merged of others.
    let none = given("apiType").is_some_and(|kind| kind == "MERGED")
        || given("owner").is_some_and(|owner| owner == "OTHER_ACCOUNTS");
    let token = given("nextToken");
    let state = shared.lock();
    let apis = state.graph_apis.iter().filter(|_| !none);
    let page = shared
        .pager
        .page(OPERATION, apis, |api| &api.id, token.as_deref(), size)
        .map_err(|error| bad(&error.message))?;
    let mut answer = json!({"nextToken": page.next});
    if let Some(members) = answer.as_object_mut() {
        let apis = page.items.into_iter().map(|api| described(shared, api));
        members.insert("graphqlApis".to_owned(), apis.collect());
    }
    Ok(answer)
}

fn described(shared: &Shared, api: &GraphApi) -> Value {
    let (region, account, id) = (&shared.region, &shared.account, &api.id);
    let host = |kind: &str| format!("{id}.appsync-{kind}.{region}.amazonaws.com");
    let (queries, events) = (host("api"), host("realtime-api"));
    json!({
        "name": api.name,
        "apiId": id,
        "apiType": "GRAPHQL",
        "arn": format!("arn:aws:appsync:{region}:{account}:apis/{id}"),
        "authenticationType": "AMAZON_COGNITO_USER_POOLS",
        "userPoolConfig": {"userPoolId": api.pool, "awsRegion": region, "defaultAction": "ALLOW"},
        "dns": {"GRAPHQL": queries, "REALTIME": events},
        "owner": account,
        "tags": api.tags,
        "uris": {"GRAPHQL": format!("https://{queries}/graphql"), "REALTIME": format!("wss://{events}/graphql")},
        "visibility": "GLOBAL",
        "xrayEnabled": false,
    })
}

fn respond(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(id) = HeaderValue::try_from(ids::request_id()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
