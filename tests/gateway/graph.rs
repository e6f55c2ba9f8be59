//! The GraphQL API that a machine calls: found by name among all, or reported as missing.

use cognitui::cognito::{Error, ErrorKind};
use serde_json::json;

use crate::sandbox::Demo;
use crate::stub::Stub;

fn url(name: &str) -> String {
    format!("https://{name}.appsync-api.eu-west-1.amazonaws.com/graphql")
}

/// Searches `apis`, which are listed two per page.
async fn find(apis: &'static [&str], name: Option<&str>) -> Result<Option<String>, Error> {
    let stub = Stub::start(move |call, before| {
        assert_eq!(call.path, "/v1/apis");
        let mut pages = apis.chunks(2).skip(before);
        let page = pages.next().unwrap_or_default();
        let page: Vec<_> = page
            .iter()
            .map(
                |name| json!({"name": name, "uris": {"GRAPHQL": url(name), "REALTIME": "wss://x"}}),
            )
            .collect();
        let next = pages.next().map(|_| format!("page {}", before + 1));
        (
            200,
            json!({"graphqlApis": page, "nextToken": next}).to_string(),
        )
    })
    .await;
    let found = stub.gateway().await.graph_endpoint(name).await;
    assert_eq!(stub.calls().len(), apis.chunks(2).len().max(1));
    found
}

#[tokio::test]
async fn teams_own_is_found_on_any_page() {
    let apis = &["orders", "a", "b", "c", "team-main-06dbb7fc"];
    let found = find(apis, None).await.unwrap();
    assert_eq!(found, Some(url("team-main-06dbb7fc")));
    assert_eq!(find(&["orders", "a", "b"], None).await.unwrap(), None);
    assert_eq!(find(&[], None).await.unwrap(), None);
}

#[tokio::test]
async fn a_whole_name_comes_before_a_part_of_one() {
    let apis = &["orders", "orders-v2", "billing"];
    let found = async |name| find(apis, Some(name)).await;
    assert_eq!(found("orders").await.unwrap(), Some(url("orders")));
    assert_eq!(found("bill").await.unwrap(), Some(url("billing")));
    assert_eq!(found("Orders").await.unwrap(), None);
}

#[tokio::test]
async fn two_that_match_are_an_error_that_lists_them() {
    let error = find(&["team-main-a", "x", "team-main-b"], None)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Ambiguous);
    for words in [
        "2 GraphQL APIs match team-main",
        "team-main-a",
        &url("team-main-b"),
    ] {
        assert!(error.detail.contains(words), "{error:?}");
        assert!(error.one_line().contains(words), "{error:?}");
    }
}

#[tokio::test]
async fn a_denied_list_names_the_iam_action_and_is_asked_for_once() {
    let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#;
    let stub = Stub::start(|_, _| (403, denied.to_owned())).await;
    let error = stub.gateway().await.graph_endpoint(None).await.unwrap_err();
    let action = "appsync:ListGraphqlApis".to_owned();
    assert_eq!(error.kind, ErrorKind::AccessDenied { action });
    assert_eq!(stub.calls().len(), 1);
}

#[tokio::test]
async fn the_embedded_cognito_has_teams_api() {
    let demo = Demo::start().await;
    let host = "tq5wgpz3brhxfmh2oeiakvfs3u.appsync-api.eu-west-1.amazonaws.com";
    let found = demo.gateway.graph_endpoint(None).await.unwrap();
    assert_eq!(found, Some(format!("https://{host}/graphql")));
    assert_eq!(
        demo.gateway.graph_endpoint(Some("orders")).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn an_endpoint_without_appsync_is_said_to_have_none() {
    // What Cognito's host says to a path that it does not have.
    let body = r#"{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}"#;
    let stub = Stub::start(|_, _| (400, body.to_owned())).await;
    let gateway = stub.gateway().await;
    let error = gateway.graph_endpoint(None).await.unwrap_err();
    let expected = format!("no AppSync at {}", gateway.endpoint().unwrap());
    assert_eq!((error.kind, error.detail), (ErrorKind::Malformed, expected));
}
