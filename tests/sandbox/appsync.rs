//! AppSync's list of GraphQL APIs.

use cognitui::sandbox::state::GraphApi;
use cognitui::sandbox::{Options, Sandbox};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::api::{Raw, SIGNATURE, send};

struct AppSync(Sandbox);

impl AppSync {
    async fn start(sample: bool) -> Self {
        let options = Options {
            sample,
            ..Options::default()
        };
        Self(Sandbox::start(options).await.unwrap())
    }

    fn request(&self, query: &str) -> reqwest::RequestBuilder {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        http.get(format!("{}/v1/apis{query}", self.0.url()))
    }

    async fn get(&self, query: &str) -> Raw {
        send(self.request(query).header("authorization", SIGNATURE)).await
    }
}

#[tokio::test]
async fn the_sample_has_teams_api_and_an_empty_account_none() {
    let answer = AppSync::start(true).await.get("").await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.json();
    let api = &answer["graphqlApis"][0];
    assert_eq!(api["name"], "team-main");
    assert_eq!(api["userPoolConfig"]["userPoolId"], "eu-west-1_sT7eAm06d");
    let url = api["uris"]["GRAPHQL"].as_str().unwrap();
    let host = format!(
        "{}.appsync-api.eu-west-1.amazonaws.com",
        api["apiId"].as_str().unwrap()
    );
    assert_eq!(url, format!("https://{host}/graphql"));
    assert_eq!(answer["graphqlApis"].as_array().unwrap().len(), 1);
    let empty = AppSync::start(false).await.get("").await;
    assert_eq!(empty.json(), json!({"graphqlApis": [], "nextToken": null}));
}

#[tokio::test]
async fn pages_join_to_the_whole_list() {
    let appsync = AppSync::start(false).await;
    appsync.0.edit(|state| {
        state.graph_apis = (10..33)
            .map(|number| GraphApi {
                id: format!("id{number}"),
                name: format!("api-{number}"),
                pool: "eu-west-1_none".to_owned(),
                tags: std::collections::BTreeMap::new(),
            })
            .collect();
    });
    for (size, pages) in [("", vec![10, 10, 3]), ("&maxResults=25", vec![23])] {
        let (mut seen, mut lengths, mut token) = (Vec::new(), Vec::new(), String::new());
        loop {
            let answer = appsync
                .get(&format!("?apiType=GRAPHQL{size}{token}"))
                .await
                .json();
            let page = answer["graphqlApis"].as_array().unwrap();
            lengths.push(page.len());
            seen.extend(
                page.iter()
                    .map(|api| api["name"].as_str().unwrap().to_owned()),
            );
            let Some(next) = answer["nextToken"].as_str() else {
                break;
            };
            token = format!("&nextToken={}", next.replace('+', "%2B"));
        }
        assert_eq!(lengths, pages);
        assert_eq!(
            seen,
            (10..33).map(|n| format!("api-{n}")).collect::<Vec<_>>()
        );
    }
    for none in ["?apiType=MERGED", "?owner=OTHER_ACCOUNTS"] {
        assert_eq!(appsync.get(none).await.json()["graphqlApis"], json!([]));
    }
}

#[tokio::test]
async fn refusals_are_named_in_a_header() {
    let appsync = AppSync::start(true).await;
    let check = |raw: Raw, status: u16, name: &str| {
        assert_eq!(raw.status.as_u16(), status, "{raw:?}");
        assert_eq!(raw.headers["x-amzn-errortype"], name);
        let body: Value = raw.json();
        assert!(body["message"].is_string() && body.get("__type").is_none());
    };
    let unsigned = send(appsync.request("")).await;
    check(unsigned, 403, "MissingAuthenticationTokenException");
    let elsewhere = SIGNATURE.replace("eu-west-1", "us-east-1");
    let elsewhere = send(appsync.request("").header("authorization", elsewhere)).await;
    check(elsewhere, 403, "InvalidSignatureException");
    for query in ["?maxResults=26", "?maxResults=x", "?nextToken=forged"] {
        check(appsync.get(query).await, 400, "BadRequestException");
    }
    for (fault, status, name) in [
        ("access-denied", 403, "AccessDeniedException"),
        ("expired", 403, "ExpiredTokenException"),
        ("throttle", 429, "TooManyRequestsException"),
        ("500", 500, "InternalFailureException"),
    ] {
        let faults = format!("ListGraphqlApis:{fault}");
        appsync.0.faults().set(faults.parse().unwrap());
        check(appsync.get("").await, status, name);
    }
}

#[tokio::test]
async fn cognitos_host_has_no_such_path() {
    let appsync = AppSync::start(true).await;
    for (host, status) in [("appsync", 200), ("cognito-idp", 400), ("sts", 400)] {
        let host = format!("{host}.eu-west-1.amazonaws.com");
        let request = appsync.request("").header("host", host);
        let answer = send(request.header("authorization", SIGNATURE)).await;
        assert_eq!(answer.status.as_u16(), status);
    }
}
