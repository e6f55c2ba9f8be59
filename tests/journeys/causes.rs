//! Refusals of token endpoints and APIs, shown with the likeliest cause first and the evidence for it. The numbers are those of
//! the doctor's table.

use cognitui::sandbox::state::State;
use cognitui::sandbox::{Options, Sandbox};
use serde_json::json;

use crate::front::{Answer, Front, answered, json as in_json};
use crate::stage::{STAGING, STAGING_ID, Stage, edit_client, sandbox};

const NAME: &str = "price-poller";

async fn spoilt(spoil: impl FnOnce(&mut State)) -> Sandbox {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(spoil);
    sandbox
}

fn client(state: &mut State) -> &mut cognitui::sandbox::state::Client {
    let pool = state.pools.get_mut(STAGING_ID).unwrap();
    let mut clients = pool.clients.iter_mut();
    clients.find(|client| client.name == NAME).unwrap()
}

fn set(state: &mut State, field: &str, value: serde_json::Value) {
    client(state).settings.insert(field.to_owned(), value);
}

/// Checks the first cause with its evidence and its remedy on the screen.
#[track_caller]
fn first_cause(stage: &mut Stage) -> String {
    let screen = stage.screen();
    let lines = screen.lines().skip_while(|line| !line.contains('▸'));
    let pane = |line: &str| {
        // The right-hand pane: what stands between the last two borders.
        let mut parts: Vec<&str> = line.trim_end().trim_end_matches('│').split('│').collect();
        parts.pop().unwrap_or_default().trim().to_owned()
    };
    let mut words: Vec<String> = Vec::new();
    for line in lines.map(pane) {
        if line.is_empty() {
            break;
        }
        words.push(line);
    }
    assert!(!words.is_empty(), "no cause is marked:\n{screen}");
    words.join(" ")
}

#[track_caller]
fn told(stage: &mut Stage, row: usize, expected: &[&str]) {
    let first = first_cause(stage);
    let mut rest = first.as_str();
    for words in expected {
        let Some((_, after)) = rest.split_once(words) else {
            panic!(
                "row {row}: {words:?} is not told, or not in this place: {first}\n{}",
                stage.screen()
            );
        };
        rest = after;
    }
}

#[tokio::test]
async fn what_the_token_endpoint_refuses_has_its_cause_first() {
    type Spoil = fn(&mut State);
    let cases: [(usize, Spoil, &str, &[&str]); 5] = [
        (
            1,
            |s| set(s, "AllowedOAuthFlowsUserPoolClient", json!(false)),
            "t enter",
            &[
                "▸ OAuth is switched off",
                "evidence: AllowedOAuthFlowsUserPoolClient is false",
                "→ Switch it on",
            ],
        ),
        (
            1,
            |s| {
                set(s, "AllowedOAuthFlows", json!(["code"]));
                set(s, "CallbackURLs", json!(["https://app.example/"]));
            },
            "t enter",
            &[
                "▸ The client may not use client_credentials",
                "evidence: Its flows: code",
                "→ Make a separate client",
            ],
        ),
        (
            4,
            |s| {
                client(s).secrets.clear();
                client(s).settings.remove("AllowedOAuthFlows");
            },
            "t enter",
            &[
                "▸ The client is public",
                "evidence: The client was created without a secret",
                "→ Make a new client",
            ],
        ),
        (
            6,
            |s| {
                let pool = s.pools.get_mut(STAGING_ID).unwrap();
                pool.servers.retain(|server| server.identifier != "orders");
            },
            "t enter",
            &[
                "▸ No resource server defines orders/read",
                "evidence: The client lists it: it was deleted",
                "→ Define it again",
            ],
        ),
        (
            7,
            |_| (),
            "t down space enter",
            &[
                "▸ A requested scope exists, but the client may not have it",
                "evidence: Not among the client's scopes: ",
                "→ Add it to",
            ],
        ),
    ];
    for (row, spoil, keys, expected) in cases {
        let mut stage = Stage::on(spoilt(spoil).await, 140, 50).await;
        stage.client(STAGING, NAME).await;
        stage.press(keys).await;
        told(&mut stage, row, expected);
    }
}

#[tokio::test]
async fn a_secret_that_is_stale_and_scopes_of_the_wrong_kind_are_told() {
    // 2: a secret of long ago.
    let mut stage = Stage::open().await;
    stage.client(STAGING, NAME).await;
    stage.press("t tab tab tab tab right tab").await;
    stage.paste("a0secret0of0long0ago0000").await;
    stage.press("enter").await;
    told(
        &mut stage,
        2,
        &[
            "▸ The secret is wrong: truncated",
            "evidence: The answer says invalid_client_secret",
            "→ Copy the secret again",
        ],
    );
    // 5: a bare name.
    let mut stage = Stage::open().await;
    stage.client(STAGING, NAME).await;
    stage.press("t tab tab").await;
    stage.type_text("read").await;
    stage.press("enter").await;
    told(
        &mut stage,
        5,
        &[
            "a scope is written identifier/name",
            "evidence: Did you mean orders/read? This client has it.",
            "→ Ask for orders/read.",
        ],
    );
    // 8: a scope that went without a word.
    edit_client(&stage.sandbox, STAGING_ID, NAME, |client| {
        let scopes = json!(["orders/read", "orders/gone"]);
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), scopes);
    });
    stage
        .press("ctrl-u shift-tab shift-tab r esc esc t enter")
        .await;
    stage.sees(&[
        "1 granted",
        "missing ✗ orders/gone",
        "inactive: its resource server no longer defines it",
    ]);
}

/// Opens a stage behind an API that answers every call like this.
async fn with_api(status: u16, challenge: &'static str, body: &'static str) -> (Front, Stage) {
    let cognito = sandbox(Options::default()).await;
    let front = Front::of(cognito.url(), move |call, _| match call.path.as_str() {
        "/api/orders" => answered(status, ("www-authenticate", challenge.to_owned()), body),
        _ => Answer::Cognito,
    })
    .await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    stage.client(STAGING, NAME).await;
    stage.press("t enter a enter").await;
    (front, stage)
}

#[tokio::test]
async fn what_an_api_refuses_has_its_cause_first() {
    // 26: an HTTP API whose Audience lacks the client.
    let audience = r#"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#;
    let (_front, mut stage) = with_api(401, audience, r#"{"message":"Unauthorized"}"#).await;
    let id = stage.sandbox_client(STAGING_ID, NAME).id;
    told(
        &mut stage,
        26,
        &[
            "▸ The authorizer does not know the app client",
            "evidence: www-authenticate says: the token does not have a valid audience",
            &id,
            "→ Add the client id to the authorizer's Audience",
        ],
    );
    // 25: a REST API says no more than that, so that nothing is proven: what is possible stands there.
    let (_front, mut stage) = with_api(401, "", r#"{"message":"Unauthorized"}"#).await;
    stage.sees(&[
        "The API rejects this token (401).",
        "lists no OAuth scopes: its Cognito authorizer then expects an id token",
        "It has orders/read",
        "The API trusts another pool than http",
    ]);
    // 28: AppSync and Amplify look for a user or a group.
    let refused = r#"{"data":null,"errors":[{"errorType":"Unauthorized","message":"Not Authorized to access getRequests on type Query"}]}"#;
    let (_front, mut stage) = with_api(200, "", refused).await;
    stage.sees(&[
        "AppSync finds no user and no group",
        "Authorize by the scope claim",
    ]);
}

/// AppSync's answers and API Gateway's, each of which means another thing than its status (aws-appsync-community#198,
/// amplify-js#8892, aws-cognito-angular-quickstart#50, HumanCellAtlas/data-store#328).
#[tokio::test]
async fn the_body_says_more_than_the_status() {
    let (_front, mut stage) = with_api(
        401,
        "",
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Unable to parse JWT token."}]}"#,
    )
    .await;
    stage.sees(&["AppSync rejects this token", "Set Header to raw"]);
    let (_front, mut stage) = with_api(
        401,
        "",
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]}"#,
    )
    .await;
    stage.sees(&["by this clock it has not", "Compare the clocks"]);
    let (_front, mut stage) = with_api(
        200,
        "",
        r#"{"data":null,"errors":[{"errorType":"Unauthorized","message":"Not Authorized to access getRequests on type Query"}]}"#,
    )
    .await;
    stage.sees(&["The token is good, the field's rule refuses it"]);
    stage.sees_no("401");
    for body in [
        r#"{"message":"Missing Authentication Token"}"#,
        r#"{"message":"Invalid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'."}"#,
    ] {
        let (_front, mut stage) = with_api(403, "", body).await;
        stage.sees(&[
            "No such route, method or stage: the token was not checked.",
            "evidence: the body says:",
        ]);
        stage.sees_no("lacks a scope");
    }
}

#[tokio::test]
async fn a_pasted_address_takes_the_place_of_the_scheme_in_the_field() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, NAME).await;
    stage.press("t enter a ctrl-u").await;
    stage.type_text("https://").await;
    let url = format!("{}/api/orders", stage.sandbox.url());
    stage.paste(&url).await;
    stage.press("enter").await;
    stage.sees(&["HTTP 200"]);
}

#[tokio::test]
async fn what_get_client_token_refuses_has_its_cause_first() {
    // 29: what is not the only explicit flow is no flow for it.
    let cognito = spoilt(|s| {
        let flows = json!(["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
        set(s, "ExplicitAuthFlows", flows);
    })
    .await;
    let front = Front::of(cognito.url(), |call, _| {
        let target = call.headers.get("x-amz-target");
        if target.is_some_and(|target| target.as_bytes().ends_with(b".GetClientToken")) {
            let refused =
                json!({"__type": "NotAuthorizedException", "message": "Invalid client or secret"});
            in_json(400, refused.to_string())
        } else {
            Answer::Cognito
        }
    })
    .await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    stage.client(STAGING, NAME).await;
    stage.press("t tab right right enter").await;
    stage.sees(&["✗ NotAuthorizedException · Invalid client or secret"]);
    told(
        &mut stage,
        29,
        &[
            "▸ GetClientToken needs ALLOW_CLIENT_TOKEN_AUTH as the client's only explicit flow",
            "evidence: Its explicit flows: ALLOW_CLIENT_TOKEN_AUTH, ALLOW_REFRESH_TOKEN_AUTH",
            "→ Set ExplicitAuthFlows",
        ],
    );
    // What only may be the cause comes after that.
    stage.sees(&["· The secret is wrong"]);
}

#[tokio::test]
async fn what_only_may_be_the_cause_is_told_as_that() {
    // 3: the client is unknown where the token is asked for.
    let other = spoilt(|s| s.pools.get_mut(STAGING_ID).unwrap().clients.clear()).await;
    let mut stage = Stage::with_tokens_of(&other).await;
    stage.client(STAGING, NAME).await;
    stage.press("t enter").await;
    stage.sees(&[
        "✗ invalid_client",
        "· The client id is unknown to this domain",
        "→ Compare the client id and the domain with the pool's",
        "· In another program: the Authorization header was encoded twice",
    ]);
    stage.sees_no("▸");
    // 9: what a trigger may have taken out.
    let other = spoilt(|s| {
        let pool = s.pools.get_mut("eu-west-1_DataPr0dk").unwrap();
        for client in &mut pool.clients {
            let scopes = json!(["lake/query"]);
            client
                .settings
                .insert("AllowedOAuthScopes".to_owned(), scopes);
            "one0secret0for0all0of0them".clone_into(&mut client.secrets[0].value);
        }
    })
    .await;
    let mut stage = Stage::with_tokens_of(&other).await;
    stage.client("data-platform-prod", "airflow").await;
    stage
        .press("t space down space tab tab tab tab right tab")
        .await;
    stage.paste("one0secret0for0all0of0them").await;
    stage.press("enter").await;
    stage.sees(&[
        "1 granted",
        "missing ✗ lake/load",
        "the pool's pre-token trigger may have taken it out",
    ]);
    // 30: too many requests.
    let mut stage = Stage::open().await;
    stage.client(STAGING, NAME).await;
    stage.fault("token:throttle");
    stage.press("t enter").await;
    stage.sees(&[
        "Too many token requests.",
        "the account's ClientAuthentication rate (150) is exceeded",
        "cache a token for about three quarters of its life",
    ]);
}
