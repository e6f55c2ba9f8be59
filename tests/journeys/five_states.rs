//! The secret of a client is shown, managed, hidden, none or unknown: what each screen about it says and allows.

use cognitui::sandbox::state::{Client, Shown};
use cognitui::sandbox::{Options, Sandbox};
use serde_json::json;

use crate::stage::{STAGING, STAGING_ID, Stage, edit_client, sandbox};

/// A healthy client; each case changes its secret.
const NAME: &str = "price-poller";

/// What a screen must say, and what it must not.
struct Case {
    state: &'static str,
    make: fn(&mut Client),
    /// Whether `ListUserPoolClientSecrets` is denied.
    denied: bool,
    /// On the client's page, and in the copy menu.
    page: &'static str,
    copies: bool,
    /// The result of `x`: a revealed value, or this reason.
    reveal: Option<&'static str>,
    /// The result of `R`: this choice, or this reason.
    rotate: &'static str,
}

fn hide(client: &mut Client) {
    client.shown = Shown::Nothing;
}

fn lose(client: &mut Client) {
    client.secrets.clear();
    client
        .settings
        .insert("AllowedOAuthFlows".to_owned(), json!(["code"]));
    let urls = json!(["https://acme.example/back"]);
    client.settings.insert("CallbackURLs".to_owned(), urls);
}

fn hide_from_people(client: &mut Client) {
    let secrets = client.secrets.clone();
    lose(client);
    client.secrets = secrets;
    hide(client);
}

const CASES: &[Case] = &[
    Case {
        state: "shown",
        make: |_| (),
        denied: false,
        page: "••••••••••••",
        copies: true,
        reveal: None,
        rotate: "Add a second secret",
    },
    Case {
        state: "shown, list denied",
        make: |_| (),
        denied: true,
        page: "••••••••••••",
        copies: true,
        reveal: None,
        rotate: "access denied",
    },
    Case {
        state: "hidden, proven by the list",
        make: hide_from_people,
        denied: false,
        page: "there is one, but Cognito does not show it",
        copies: false,
        reveal: Some("does not return this secret"),
        rotate: "Add a second secret",
    },
    Case {
        state: "hidden, proven by the grant",
        make: hide,
        denied: true,
        page: "client_credentials proves there is one",
        copies: false,
        reveal: Some("does not return this secret"),
        rotate: "access denied",
    },
    Case {
        state: "none",
        make: lose,
        denied: false,
        page: "none: a public client",
        copies: false,
        reveal: Some("public client"),
        rotate: "no secret to rotate",
    },
    Case {
        state: "unknown",
        make: lose,
        denied: true,
        page: "ListUserPoolClientSecrets is denied",
        copies: false,
        reveal: Some("unknown"),
        rotate: "access denied",
    },
];

async fn world(case: &Case) -> Sandbox {
    let sandbox = sandbox(Options {
        sample: true,
        seed: Some(7),
        ..Options::default()
    })
    .await;
    edit_client(&sandbox, STAGING_ID, NAME, case.make);
    sandbox
}

#[tokio::test]
async fn every_screen_says_of_a_secret_what_is_proven_and_no_more() {
    for case in CASES {
        let mut stage = Stage::on(world(case).await, 140, 50).await;
        if case.denied {
            stage.fault("ListUserPoolClientSecrets:access-denied");
        }
        stage.client(STAGING, NAME).await;
        let sees = |stage: &mut Stage, words: &str| {
            let screen = stage.screen();
            assert!(
                screen.contains(words),
                "{}: no {words:?} in\n{screen}",
                case.state
            );
        };
        sees(&mut stage, case.page);
        // Only an empty list without the grant proves a public client.
        let public = stage.has("public client");
        assert_eq!(
            public,
            case.state == "none",
            "{}:\n{}",
            case.state,
            stage.screen()
        );
        stage.press("y").await;
        let copies = stage.has("Shell export lines");
        assert_eq!(copies, case.copies, "{}:\n{}", case.state, stage.screen());
        stage.press("esc x").await;
        match case.reveal {
            Some(reason) => sees(&mut stage, reason),
            None => assert!(!stage.has("••••"), "{}:\n{}", case.state, stage.screen()),
        }
        stage.press("R").await;
        sees(&mut stage, case.rotate);
        stage.press("esc esc D").await;
        // Nobody is advised to delete a client for a secret that is not seen.
        assert!(!stage.has("machine-without-secret"), "{}", case.state);
        assert!(!stage.has("delete this one"), "{}", case.state);
    }
}
