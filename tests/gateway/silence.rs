//! An empty answer is an error, and never "none": for all calls and all forms of emptiness.

use cognitui::cognito::{Error, ErrorKind, Gateway, all_pages};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::new_client::{machine_auth, machine_auth_server};
use cognitui::domain::oauth::token::{ClientAuth, Verification};
use cognitui::domain::plan::{DesiredPool, DesiredState};
use secrecy::SecretString;
use serde_json::json;

use crate::calls::{CALLS, SECRET, request, token_of};
use crate::stub::Stub;

async fn answering(body: &str) -> Stub {
    let body = body.to_owned();
    Stub::start(move |_, _| (200, body.clone())).await
}

/// Returns whether this operation may have an empty body of this form.
fn may_say(operation: &str, body: &str) -> bool {
    match operation {
        // There is nothing more to a call that went through.
        "DeleteUserPool" | "DeleteUserPoolClient" | "DeleteUserPoolDomain" => {
            ["{}", ""].contains(&body)
        }
        "CreateUserPoolDomain" => body == "{}",
        _ => false,
    }
}

#[tokio::test]
async fn no_call_takes_silence_for_an_answer() {
    for call in CALLS {
        for body in ["{}", "", "null", "[]", "<html>a proxy</html>", "{\"Use"] {
            let stub = answering(body).await;
            let answer = call.on(&stub.gateway().await, &stub.url).await;
            let what = format!("{} {body:?}: {answer:?}", call.operation);
            match answer {
                Ok(_) if may_say(call.operation, body) => {}
                // The answer to a token request is shown with what is wrong with it.
                Ok(reply) if call.operation == "token request" => {
                    assert!(reply.contains("unexpected response"), "{what}");
                }
                Ok(_) => panic!("{what}"),
                Err(error) => assert_eq!(error.kind, ErrorKind::Malformed, "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn half_an_answer_is_no_answer() {
    for (operation, body, place) in [
        ("ListUserPools", json!({"UserPools": null}), "UserPools"),
        ("ListUserPools", json!({"UserPools": {}}), "UserPools"),
        ("ListUserPools", json!({"Pools": []}), "UserPools"),
        (
            "ListUserPools",
            json!({"UserPools": [{"Name": "a"}]}),
            "UserPools[0] lacks Id",
        ),
        (
            "ListUserPools",
            json!({"UserPools": [{"Id": null, "Name": "a"}]}),
            "UserPools[0] lacks Id",
        ),
        (
            "ListUserPoolClients",
            json!({"UserPoolClients": [{"ClientId": "a", "ClientName": "b"}, {}]}),
            "UserPoolClients[1] lacks ClientId",
        ),
        (
            "ListResourceServers",
            json!({"ResourceServers": [{"Identifier": "api", "Name": "api", "Scopes": [{}]}]}),
            "Scopes[0] lacks ScopeName",
        ),
        (
            "ListUserPoolClientSecrets",
            json!({"ClientSecrets": [{"ClientSecretCreateDate": 1}]}),
            "ClientSecrets[0] lacks ClientSecretId",
        ),
        (
            "ListGraphqlApis",
            json!({"graphqlApis": [{"name": "a"}]}),
            "lacks uris",
        ),
        (
            "DescribeUserPool",
            json!({"UserPool": {"Name": "a"}}),
            "lacks Id",
        ),
        (
            "DescribeUserPoolClient",
            json!({"UserPoolClient": {}}),
            "lacks ClientId",
        ),
        (
            "DescribeResourceServer",
            json!({"ResourceServer": null}),
            "ResourceServer",
        ),
        (
            "DescribeUserPoolDomain",
            json!({"DomainDescription": {"Status": "ACTIVE"}}),
            "lacks Domain",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolClient": {}}),
            "lacks ClientId",
        ),
        (
            "PutSecretValue",
            json!({"ARN": "arn:aws:x"}),
            "lacks VersionId",
        ),
    ] {
        let call = CALLS.iter().find(|call| call.operation == operation);
        let stub = answering(&body.to_string()).await;
        let error = call.unwrap().on(&stub.gateway().await, &stub.url).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{error:?}");
        // Where another service was asked for at the endpoint, that is what is said.
        if !["ListGraphqlApis", "PutSecretValue"].contains(&operation) {
            assert!(error.detail.contains(place), "{body}: {error:?}");
        }
        assert_eq!(stub.calls().len(), 1, "{operation} was tried again");
    }
}

/// Starts a Cognito with a pool whose list of clients cannot be read.
async fn pool_without_a_list_of_clients() -> Stub {
    Stub::start(|call, _| {
        let body = match call.operation.as_str() {
            "DescribeUserPool" => json!({"UserPool": {"Id": "eu-west-1_A", "Name": "machines"}}),
            "ListResourceServers" => json!({"ResourceServers": []}),
            _ => json!({}),
        };
        (200, body.to_string())
    })
    .await
}

#[tokio::test]
async fn no_second_client_is_planned_where_the_list_of_clients_said_nothing() {
    let stub = pool_without_a_list_of_clients().await;
    let wanted = DesiredState {
        pool: DesiredPool::This(PoolId::new("eu-west-1_A")),
        servers: vec![machine_auth_server()],
        client: Some(machine_auth()),
        domain: None,
    };
    let error = stub
        .gateway()
        .await
        .read_plan_input(&wanted)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
    assert_eq!(error.operation, "ListUserPoolClients");
}

#[tokio::test]
async fn a_call_that_makes_something_is_not_repeated_after_silence_and_may_have_made_it() {
    let stub = answering("{}").await;
    let pool = PoolId::new("eu-west-1_A");
    let gateway = stub.gateway().await;
    let error = gateway
        .create_client(&pool, &machine_auth())
        .await
        .unwrap_err();
    assert!(error.hint.contains("may have been created"), "{error:?}");
    assert_eq!(stub.calls().len(), 1);
    // Nor is a secret counted as added or deleted: what there is now says nothing either.
    let client = ClientId::new("4k2");
    let error = gateway
        .add_secret(&pool, &client, None, &[])
        .await
        .unwrap_err();
    assert!(error.hint.contains("may have been added"), "{error:?}");
}

#[tokio::test]
async fn keys_that_say_nothing_prove_nothing() {
    for body in [
        "{}",
        "",
        "null",
        r#"{"keys":[]}"#,
        r#"{"keys":null}"#,
        r#"{"keys":[{}]}"#,
    ] {
        let stub = answering(body).await;
        let gateway = stub.gateway().await;
        let verified = gateway.verify_by_issuer(&token_of(&stub.url), None).await;
        assert!(
            matches!(verified, Verification::Unknown { .. }),
            "{body}: {verified:?}"
        );
    }
}

#[tokio::test]
async fn a_token_answer_without_a_token_is_shown_as_what_it_is() {
    for auth in [ClientAuth::Basic, ClientAuth::Body, ClientAuth::Api] {
        let stub = answering("{}").await;
        let gateway = stub.gateway().await;
        let secret = SecretString::from(SECRET);
        let reply = gateway
            .issue(&request(&stub.url, auth), &secret)
            .await
            .unwrap();
        let refusal = reply.outcome.unwrap_err();
        let told = refusal.description.unwrap();
        assert!(
            told.starts_with("unexpected response: the response lacks "),
            "{told}"
        );
    }
}

/// Reads the pools of a Cognito with these pages: names, and the token of the next page.
async fn pools(
    pages: impl Fn(usize) -> (Vec<&'static str>, Option<String>) + Clone + Send + Sync + 'static,
) -> (usize, Result<usize, Error>) {
    let stub = Stub::start(move |_, before| {
        let (names, next) = pages(before);
        let pool = |name| json!({"Id": format!("eu-west-1_{before}{name}"), "Name": name});
        let pools: Vec<_> = names.into_iter().map(pool).collect();
        (
            200,
            json!({"UserPools": pools, "NextToken": next}).to_string(),
        )
    })
    .await;
    let gateway: Gateway = stub.gateway().await;
    let all = all_pages(|next| gateway.pools(next)).await;
    (stub.calls().len(), all.map(|all| all.len()))
}

#[tokio::test]
async fn a_list_that_has_no_end_is_an_error() {
    let token = |text: String| Some(text);
    for round in [1, 2, 5] {
        let (calls, all) = pools(move |at| (vec!["a"], token(format!("t{}", at % round)))).await;
        let error = all.unwrap_err();
        assert_eq!(
            (&error.kind, error.operation),
            (&ErrorKind::Malformed, "ListUserPools")
        );
        assert!(error.detail.contains("NextToken"), "{error:?}");
        assert_eq!(calls, round + 1);
    }
    let (calls, all) = pools(move |at| (vec![], token(format!("t{at}")))).await;
    assert!(all.unwrap_err().detail.contains("empty"));
    assert!((100..1000).contains(&calls), "{calls}");
}

#[tokio::test]
async fn empty_pages_and_an_empty_list_are_not_silence() {
    let (_, all) = pools(|at| match at {
        0 | 2 => (vec![], Some(format!("t{at}"))),
        1 => (vec!["a", "b"], Some("t1".to_owned())),
        _ => (vec![], None),
    })
    .await;
    assert_eq!(all.unwrap(), 2);
    assert_eq!(pools(|_| (vec![], None)).await.1.unwrap(), 0);
    // Whether a token that is empty means anything, it leads nowhere but to the first page.
    assert_eq!(
        pools(|_| (vec!["a"], Some(String::new()))).await.1.unwrap(),
        1
    );
}
