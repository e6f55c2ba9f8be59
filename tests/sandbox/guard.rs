//! Allowed requests: only this machine's names, and no web page where AWS would show it nothing.

use std::fs;
use std::path::Path;

use cognitui::sandbox::Options;
use regex::Regex;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::json;

use super::api::{Api, SIGNATURE, send};

/// Every path, and one that does not exist: what is behind it, for a web page.
const ROUTES: [(&str, &str); 8] = [
    ("/", CLOSED),
    ("/oauth2/token", PUBLIC),
    ("/oauth2/register", CLOSED),
    ("/{pool}/.well-known/jwks.json", PUBLIC),
    ("/{pool}/.well-known/openid-configuration", PUBLIC),
    ("/api/orders", PUBLIC),
    ("/api/{*route}", PUBLIC),
    ("/anything/else", CLOSED),
];
const CLOSED: &str = "closed";
const PUBLIC: &str = "public";

/// The targets of requests to the root.
const TARGETS: [&str; 3] = [
    "AWSCognitoIdentityProviderService.ListUserPools",
    "secretsmanager.ListSecrets",
    "",
];

/// The hosts of a page that rebinds its name, and names that a careless check would take for this machine.
const FOREIGN: [&str; 12] = [
    "evil.example",
    "evil.example:9229",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io",
    "evil.localhost",
    "0.0.0.0",
    "192.168.0.7:9229",
    "[::]",
    "host.docker.internal",
    "cognito-idp.eu-west-1.amazonaws.com.evil.example",
    "evil-127.0.0.1",
];

async fn started() -> Api {
    Api::with(Options {
        sample: true,
        ..Options::default()
    })
    .await
}

/// Returns every request with a route, and the kind of access rule for it.
fn requests(api: &Api) -> Vec<(String, &'static str, RequestBuilder)> {
    let http = Client::builder().no_proxy().build().unwrap();
    let pool = api.sandbox.state().pools.keys().next().unwrap().clone();
    let mut requests = Vec::new();
    for (route, kind) in ROUTES {
        let path = route.replace("{pool}", &pool).replace("{*route}", "x/y");
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            for target in TARGETS {
                let request = http
                    .request(method.clone(), format!("{}{path}", api.sandbox.url()))
                    .header("authorization", SIGNATURE)
                    .header("x-amz-target", target)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(json!({"MaxResults": 5}).to_string());
                requests.push((format!("{method} {path} {target}"), kind, request));
            }
        }
    }
    requests
}

#[tokio::test]
async fn a_name_that_is_not_this_machines_gets_nothing_at_any_door() {
    let api = started().await;
    for host in FOREIGN {
        for (what, kind, request) in requests(&api) {
            let answer = send(request.header("host", host)).await;
            // Where AWS's names are played, a name that is none of them does not exist.
            let statuses: &[u16] = if kind == PUBLIC || what.contains("register") {
                &[404]
            } else {
                &[403]
            };
            assert!(
                statuses.contains(&answer.status.as_u16()),
                "{host} {what}: {answer:?}"
            );
            for leak in ["eu-west-1_", "SecretList", "keys", "access_token"] {
                assert!(!answer.body.contains(leak), "{host} {what}: {answer:?}");
            }
            assert!(answer.headers.get("access-control-allow-origin").is_none());
        }
    }
    assert!(api.sandbox.calls().is_empty(), "nothing was asked inside");
}

#[tokio::test]
async fn a_strangers_web_page_gets_nothing_at_any_door() {
    let api = started().await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "http://evil.example:9229"),
        ("origin", "http://localhost.evil.example"),
        ("origin", "null"),
        ("origin", "file://"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        for (what, _, request) in requests(&api) {
            let answer = send(request.header(name, value)).await;
            assert_eq!(answer.status, 403, "{name}: {value}, {what}: {answer:?}");
            assert!(answer.headers.get("access-control-allow-origin").is_none());
        }
    }
    assert!(api.sandbox.calls().is_empty(), "nothing was asked inside");
}

#[tokio::test]
async fn a_page_of_this_machine_sees_what_aws_shows_to_pages_and_no_more() {
    let api = started().await;
    for origin in [
        "http://localhost:3000",
        "http://127.0.0.1:5173",
        "https://[::1]",
    ] {
        for (what, kind, request) in requests(&api) {
            let request = request
                .header("origin", origin)
                .header("sec-fetch-site", "cross-site");
            let answer = send(request).await;
            assert_eq!(
                answer.status == 403,
                kind == CLOSED,
                "{origin} {what}: {answer:?}"
            );
        }
    }
    let http = Client::builder().no_proxy().build().unwrap();
    let token = http
        .post(format!("{}/oauth2/token", api.sandbox.url()))
        .header("origin", "http://localhost:3000");
    let answer = send(token).await;
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn a_program_on_this_machine_is_let_in_under_each_of_its_names() {
    let api = started().await;
    for host in [
        "localhost",
        "LOCALHOST:9229",
        "127.0.0.1:1",
        "127.0.0.2",
        "[::1]:9229",
    ] {
        for (what, _, request) in requests(&api) {
            let answer = send(request.header("host", host)).await;
            assert_ne!(answer.status, 403, "{host} {what}: {answer:?}");
        }
        // The user typed the address.
        let request = api
            .target("ListUserPools")
            .header("authorization", SIGNATURE);
        let request = request
            .header("host", host)
            .header("sec-fetch-site", "none");
        let answer = send(request.body(r#"{"MaxResults": 5}"#)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn awss_own_names_lead_to_the_apis_and_still_no_page_to_them() {
    let api = started().await;
    let call = |host: &'static str| {
        let request = api
            .target("ListUserPools")
            .header("authorization", SIGNATURE);
        request.header("host", host).body(r#"{"MaxResults": 5}"#)
    };
    for host in [
        "cognito-idp.eu-west-1.amazonaws.com",
        "secretsmanager.eu-west-1.amazonaws.com:443",
    ] {
        assert_eq!(send(call(host)).await.status, 200, "{host}");
        let page = call(host).header("origin", format!("https://{host}"));
        assert_eq!(send(page).await.status, 403, "{host}");
        let page = call(host).header("sec-fetch-site", "same-origin");
        assert_eq!(send(page).await.status, 403, "{host}");
    }
    for host in [
        "cognito-idp.us-east-1.amazonaws.com",
        "dynamodb.eu-west-1.amazonaws.com",
        // A domain has a token endpoint and nothing else.
        "acme-platform-prod.auth.eu-west-1.amazoncognito.com",
        "auth.acme.example",
    ] {
        assert_eq!(send(call(host)).await.status, 403, "{host}");
    }
}

/// The walk above covers what is served, not a list from memory.
#[test]
fn every_route_of_the_sources_is_walked() {
    let quoted = Regex::new(r#"\.route\(\s*"([^"]+)""#).unwrap();
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(path).unwrap();
                found.extend(quoted.captures_iter(&text).map(|c| c[1].to_owned()));
            }
        }
    }
    assert!(found.len() >= 6, "{found:?}");
    for route in found {
        assert!(
            ROUTES.iter().any(|(known, _)| *known == route),
            "{route} is not walked"
        );
    }
}
