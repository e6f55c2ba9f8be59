//! After a failure: finished steps are recognized, the rest continues, and nothing is created twice.

use serde_json::{Value, json};

use crate::setting_up::{empty, plain};
use crate::stage::{DEVICES, STAGING, STAGING_ID, Stage, TEAM, TEAM_ID, edit_client};

/// The plan of a preset, and its operations.
struct Plan {
    preset: &'static str,
    operations: &'static [&'static str],
}

const ALL: [&str; 4] = [
    "CreateUserPool",
    "CreateResourceServer",
    "CreateUserPoolClient",
    "CreateUserPoolDomain",
];
const PLANS: [Plan; 6] = [
    Plan {
        preset: "team",
        operations: &["CreateResourceServer", "CreateUserPoolClient"],
    },
    Plan {
        preset: "read-write",
        operations: &ALL,
    },
    Plan {
        preset: "m2m-client",
        operations: &ALL,
    },
    Plan {
        preset: "api-gateway",
        operations: &ALL,
    },
    Plan {
        preset: "plain",
        operations: &ALL,
    },
    Plan {
        preset: "no-domain",
        operations: &["CreateResourceServer", "CreateUserPoolClient"],
    },
];

impl Plan {
    async fn open(&self) -> Stage {
        let mut stage = match self.preset {
            "team" => {
                let mut stage = Stage::open().await;
                stage.press("m enter").await;
                stage
            }
            "no-domain" => {
                let mut stage = Stage::open().await;
                stage.pool(DEVICES).await;
                stage.press("m").await;
                stage.preset("no-domain").await;
                stage.press("enter").await;
                stage
            }
            "plain" => plain().await,
            other => {
                let mut stage = empty().await;
                stage.preset(other).await;
                let domain = if other == "api-gateway" {
                    "shift-tab"
                } else {
                    "tab tab"
                };
                stage.press(domain).await;
                stage.answer("acme").await;
                stage.press("enter").await;
                stage
            }
        };
        stage.sees(&["enter apply"]);
        for operation in self.operations {
            assert_eq!(stage.calls(operation), 0);
        }
        stage
    }

    /// Returns all resources of the account, without ids, dates and secrets.
    fn shape(stage: &Stage) -> Value {
        let account = stage.sandbox.state();
        let pools = account.pools.values().map(|pool| {
            let clients = pool.clients.iter();
            let clients: Vec<Value> = clients
                .map(|client| json!([client.name, client.settings, client.secrets.len()]))
                .collect();
            json!([pool.name, pool.settings, pool.servers, clients])
        });
        let mut pools: Vec<Value> = pools.collect();
        pools.sort_by_key(ToString::to_string);
        json!([pools, account.domains.keys().collect::<Vec<_>>()])
    }
}

/// The journeys of a preset.
macro_rules! each {
    ($($name:ident: $at:literal)+) => { $(mod $name {
        use super::{PLANS, answer_lost, failed_once};

        #[tokio::test]
        async fn every_step_fails_once_and_is_gone_on_from() {
            failed_once(&PLANS[$at]).await;
        }

        #[tokio::test]
        async fn a_lost_answer_is_no_failure() {
            answer_lost(&PLANS[$at]).await;
        }
    })+ };
}

each! { team: 0 read_write: 1 m2m_client: 2 api_gateway: 3 plain: 4 no_domain: 5 }

async fn failed_once(plan: &Plan) {
    let mut whole = plan.open().await;
    whole.press("enter").await;
    whole.sees(&["ready to use", "Test token issued"]);
    let wanted = Plan::shape(&whole);
    for (done, operation) in plan.operations.iter().enumerate() {
        // One is refused, the other gets an answer from nobody knows whom.
        for fault in ["access-denied", "html"] {
            let mut stage = plan.open().await;
            stage.fault(&format!("{operation}:{fault}"));
            stage.press("enter").await;
            stage.sees(&["✗ Create", "Steps marked ✓ are applied"]);
            let screen = stage.screen();
            let made = screen.matches("✓ Create").count();
            assert_eq!(made, done, "{} {operation}: {screen}", plan.preset);
            stage.sandbox.faults().clear();
            if *operation == "CreateUserPoolDomain" {
                // The client is made: its secret is not lost, and leaving asks first.
                stage.press("esc").await;
                stage.sees(&["press again to leave", "✗ Create domain"]);
                stage.press("x").await;
                stage.sees(&["Client id", "••••"]);
                stage.press("x esc").await;
            }
            // The plan is made again of what is there by now.
            stage.press("enter").await;
            stage.sees(&["enter apply"]);
            stage.sees_no("✗ Create");
            stage.press("enter").await;
            stage.sees(&["eady to use", "Test token issued"]);
            assert_eq!(Plan::shape(&stage), wanted, "{} {operation}", plan.preset);
        }
    }
}

async fn answer_lost(plan: &Plan) {
    let mut whole = plan.open().await;
    whole.press("enter").await;
    let wanted = Plan::shape(&whole);
    for operation in plan.operations {
        // The first is tried again by the SDK, unless it might make a second one.
        for fault in ["cut*1", "truncate*1"] {
            let mut stage = plan.open().await;
            stage.fault(&format!("{operation}:{fault}"));
            stage.press("enter").await;
            stage.sees(&["et up, ready to use", "Test token issued"]);
            assert_eq!(Plan::shape(&stage), wanted, "{} {operation}", plan.preset);
            // Nobody has seen the secret of a client whose making was not answered either.
            stage.press("esc").await;
            stage.sees(&["press again to leave"]);
        }
    }
}

/// Opens the form of a custom client in a pool that has some, filled in.
async fn filled() -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("n right tab").await;
    stage.type_text("precious").await;
    stage.press("tab down down space").await;
    stage.press("enter").await;
    stage.sees(&["+ Create app client precious"]);
    stage
}

fn made(stage: &Stage) -> usize {
    let clients = stage.sandbox_pool(STAGING_ID).clients;
    let named = clients.iter().filter(|client| client.name == "precious");
    named.count()
}

#[tokio::test]
async fn a_client_whose_making_was_not_answered_is_found() {
    for fault in ["cut", "truncate"] {
        let mut stage = filled().await;
        stage.fault(&format!("CreateUserPoolClient:{fault}"));
        stage.press("enter").await;
        stage.sees(&["Created precious", "Client id"]);
        assert_eq!((stage.calls("CreateUserPoolClient"), made(&stage)), (1, 1));
    }
}

#[tokio::test]
async fn where_nobody_could_look_going_on_looks_first() {
    let mut stage = filled().await;
    stage.fault("CreateUserPoolClient:cut*1,ListUserPoolClients:access-denied/2");
    stage.press("enter").await;
    stage.sees(&["✗ Create app client precious", "It may have been created"]);
    assert_eq!(made(&stage), 1);
    // It still can't be looked for: nothing is written.
    stage.fault("ListUserPoolClients:access-denied");
    stage.press("enter").await;
    stage.sees(&[
        "✗ Create app client precious",
        "cognito-idp:ListUserPoolClients",
    ]);
    assert_eq!(stage.calls("CreateUserPoolClient"), 1);
    stage.sandbox.faults().clear();
    stage.press("enter").await;
    stage.sees(&["Created precious", "Client id"]);
    assert_eq!((stage.calls("CreateUserPoolClient"), made(&stage)), (1, 1));
}

#[tokio::test]
async fn a_namesake_that_was_there_is_not_taken_for_the_one_that_was_not_made() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    let namesake = stage.sandbox_client(STAGING_ID, "price-poller").id;
    // Somebody else's of the same name, with other settings.
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        "precious".clone_into(&mut client.name);
    });
    stage.press("n right tab").await;
    stage.type_text("precious").await;
    stage.press("tab down down space enter").await;
    stage.fault("CreateUserPoolClient:html*1");
    stage.press("enter").await;
    stage.sees(&["✗ Create app client precious", "nothing was written"]);
    stage.press("enter").await;
    stage.sees(&["Created precious"]);
    stage.sees_no(&namesake);
    assert_eq!(made(&stage), 2);
}

/// Opens the plan of the client `machine_auth` with another lifetime of its tokens.
async fn edited() -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter enter e").await;
    stage.sees(&["edit"]);
    stage.press("tab tab tab tab").await;
    stage.answer("30 min").await;
    stage.press("enter").await;
    stage.sees(&["Apply this plan?", "-> 30 minutes"]);
    stage
}

fn life(stage: &Stage) -> Value {
    let client = stage.sandbox_client(TEAM_ID, "machine_auth");
    client.settings["AccessTokenValidity"].clone()
}

#[tokio::test]
async fn an_edit_that_failed_is_gone_on_with() {
    for fault in ["access-denied", "html"] {
        let mut stage = edited().await;
        stage.fault(&format!("UpdateUserPoolClient:{fault}"));
        stage.press("enter").await;
        stage.sees(&["✗ Change app client machine_auth", "continues"]);
        stage.sandbox.faults().clear();
        stage.press("enter").await;
        // The form is closed, too: what was filled in is written.
        stage.sees(&[
            "Done: Change app client machine_auth",
            "app client",
            "30 min",
        ]);
        assert!(!stage.confirms(), "{}", stage.screen());
        assert!(stage.bottom().contains("Done"), "{}", stage.screen());
        stage.press("esc").await;
        stage.sees(&["App clients"]);
        assert_eq!(life(&stage), json!(30));
    }
}

#[tokio::test]
async fn an_edit_whose_answer_was_lost_is_done() {
    let mut stage = edited().await;
    stage.fault("UpdateUserPoolClient:cut");
    stage.press("enter").await;
    stage.sees(&["Done: Change app client machine_auth", "30 min"]);
    assert_eq!(life(&stage), json!(30));
}

#[tokio::test]
async fn an_edit_that_was_done_is_not_refused_as_somebody_elses() {
    let mut stage = edited().await;
    // The answer is lost, and whether it was done may not be looked up.
    stage.fault("UpdateUserPoolClient:truncate,DescribeUserPoolClient:access-denied/2");
    stage.press("enter").await;
    stage.sees(&["✗ Change app client machine_auth"]);
    assert_eq!(life(&stage), json!(30));
    stage.sandbox.faults().clear();
    stage.press("enter").await;
    stage.sees(&["Done: Change app client machine_auth", "30 min"]);
    assert_eq!(stage.calls("UpdateUserPoolClient"), 1);
}
