//! Endless lists: what is shown is never called complete.

use cognitui::sandbox::Options;
use serde_json::json;

use crate::front::{Answer, Call, Front, json as answered};
use crate::stage::{Stage, sandbox};

/// Returns the input of a call that lists the user pools.
fn pools(call: &Call) -> Option<serde_json::Value> {
    let target = call.headers.get("x-amz-target")?.to_str().ok()?;
    let asked = serde_json::from_str(&call.body).ok()?;
    target.ends_with(".ListUserPools").then_some(asked)
}

async fn listing(
    page: impl Fn(Option<&str>) -> serde_json::Value + Send + Sync + 'static,
) -> Stage {
    let sandbox = sandbox(Options::default()).await;
    let answer = move |call: &Call, _: &str| match pools(call) {
        Some(asked) => answered(200, page(asked["NextToken"].as_str()).to_string()),
        None => Answer::Cognito,
    };
    let front = Front::of(sandbox.url(), answer).await;
    let stage = Stage::behind(sandbox, &front.url).await;
    drop(front);
    stage
}

#[tokio::test]
async fn a_list_that_goes_round_in_a_circle_is_shown_as_far_as_it_came_with_the_reason() {
    let mut stage = listing(|token| {
        let (name, next) = match token {
            None => ("first", "a"),
            Some("a") => ("second", "b"),
            Some(_) => ("third", "a"),
        };
        json!({"UserPools": [{"Id": format!("eu-west-1_{name}"), "Name": name}], "NextToken": next})
    })
    .await;
    stage.sees(&[
        "first",
        "second",
        "ListUserPools",
        "unexpected response",
        "NextToken",
    ]);
    stage.sees(&["incomplete"]);
}

#[tokio::test]
async fn empty_pages_without_end_are_no_empty_list() {
    let mut stage = listing(|token| {
        let next = token.map_or(0, |token| token.parse::<u32>().unwrap()) + 1;
        json!({"UserPools": [], "NextToken": next.to_string()})
    })
    .await;
    stage.sees(&["ListUserPools", "unexpected response", "empty"]);
    stage.sees_no("No user pools");
    stage.sees_no("0 of 0");
}
