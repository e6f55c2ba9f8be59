//! Every finding of the doctor: each fix of the console removes it, or the console says who else can fix it.

use cognitui::domain::doctor::{FixOptions, RULES, RuleId};
use cognitui::sandbox::state::{Client, Scope, State};
use cognitui::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::stage::{PROD, PROD_ID, Stage, sandbox};

/// A healthy client of it, and the only one that is left in it here.
const NAME: &str = "carrier-webhook";

/// What a user does after taking a way.
enum Do {
    /// Presses keys.
    Press(&'static str),
    /// Types a text.
    Type(&'static str),
}
use Do::{Press, Type};

/// A rule; what causes its finding; the chosen fix, by its word; what is done then.
type Case = (&'static str, fn(&mut State), &'static str, &'static [Do]);

/// Confirms the plan.
const CONFIRM: &[Do] = &[Press("enter")];
/// Deletes the client, so its name must be typed.
const NAMED: &[Do] = &[Type(NAME), Press("enter")];

const CASES: &[Case] = &[
    (
        "oauth-off",
        |s| set(s, "AllowedOAuthFlowsUserPoolClient", json!(false)),
        "oauth-on",
        CONFIRM,
    ),
    (
        "no-token-source",
        without_domain,
        "add-domain",
        &[Type("acme-machines"), Press("enter enter")],
    ),
    ("no-token-source", without_domain, "client-token", CONFIRM),
    ("mixed-flows", mixed, "split", CONFIRM),
    ("mixed-flows", mixed, "machine-flow", CONFIRM),
    (
        "oauth-without-flows",
        |s| set(s, "AllowedOAuthFlows", json!([])),
        "machine-flow",
        CONFIRM,
    ),
    (
        "oauth-without-flows",
        |s| set(s, "AllowedOAuthFlows", json!([])),
        "oauth-off",
        CONFIRM,
    ),
    (
        "no-scopes",
        |s| set(s, "AllowedOAuthScopes", json!([])),
        "choose-scopes",
        &[Press("space enter enter")],
    ),
    (
        "sign-in-scopes",
        |s| add(s, "AllowedOAuthScopes", "openid"),
        "drop-sign-in-scopes",
        CONFIRM,
    ),
    (
        "inactive-scopes",
        |s| add(s, "AllowedOAuthScopes", "parcels/track"),
        "prune-scopes",
        CONFIRM,
    ),
    (
        "inactive-scopes",
        |s| add(s, "AllowedOAuthScopes", "parcels/track"),
        "define-scopes",
        CONFIRM,
    ),
    (
        "domain-not-active",
        |s| status(s, "FAILED"),
        "remake-domain",
        &[Type(PROD), Press("enter")],
    ),
    ("public-machine", public, "for-people", CONFIRM),
    (
        "machine-without-flow",
        |s| set(s, "AllowedOAuthFlows", json!(["code"])),
        "machine-flow",
        CONFIRM,
    ),
    ("client-token-not-alone", not_alone, "client-token", CONFIRM),
    (
        "client-token-not-alone",
        not_alone,
        "no-client-token",
        CONFIRM,
    ),
    (
        "sign-in-flows",
        |s| add(s, "ExplicitAuthFlows", "ALLOW_USER_PASSWORD_AUTH"),
        "drop-sign-in-flows",
        CONFIRM,
    ),
    (
        "sign-in-flows-by-default",
        |s| set(s, "ExplicitAuthFlows", json!([])),
        "drop-sign-in-flows",
        CONFIRM,
    ),
    (
        "secret-old",
        |s| client(s).secrets[0].created -= 200.0 * DAY,
        "rotate",
        &[Press("1 enter 1 6 7 8"), Type(NAME), Press("enter")],
    ),
    (
        "secret-old",
        |s| client(s).secrets[0].created -= 200.0 * DAY,
        "move-secret",
        CONFIRM,
    ),
    (
        "rotation-unfinished",
        |s| {
            let client = client(s);
            let mut second = client.secrets[0].clone();
            second.id = format!("{}--1", client.id);
            SECOND.clone_into(&mut second.value);
            client.secrets[0].created -= 90.0 * DAY;
            second.created -= 60.0 * DAY;
            client.secrets.push(second);
        },
        "rotate",
        &[
            Press("1"),
            Type(SECOND),
            Press("enter 8"),
            Type(NAME),
            Press("enter"),
        ],
    ),
    ("token-short", |s| minutes(s, 5), "hour-tokens", CONFIRM),
    ("token-long", |s| minutes(s, 1_000), "hour-tokens", CONFIRM),
    (
        "namesakes",
        twins,
        "rename",
        &[Type("-2"), Press("enter enter")],
    ),
    ("namesakes", twins, "delete-client", NAMED),
    (
        "deletion-unprotected",
        |s| {
            let pool = s.pools.get_mut(PROD_ID).unwrap();
            pool.settings
                .insert("DeletionProtection".to_owned(), json!("INACTIVE"));
        },
        "protect",
        CONFIRM,
    ),
    (
        "callback-urls",
        |s| add(s, "CallbackURLs", "https://localhost"),
        "drop-urls",
        CONFIRM,
    ),
    (
        "whole-server",
        |s| set(s, "AllowedOAuthScopes", every_scope(s)),
        "choose-scopes",
        // The last scope of the list is one of those.
        &[Press(
            "down down down down down down down down space enter enter",
        )],
    ),
    (
        "unused-scope",
        |s| {
            let pool = s.pools.get_mut(PROD_ID).unwrap();
            pool.servers.truncate(1);
            let server = &mut pool.servers[0];
            server.scopes = vec![
                Scope {
                    scope_name: "first".to_owned(),
                    scope_description: "first".to_owned(),
                },
                Scope {
                    scope_name: "second".to_owned(),
                    scope_description: "second".to_owned(),
                },
            ];
            let held = format!("{}/first", server.identifier);
            set(s, "AllowedOAuthScopes", json!([held]));
        },
        "delete-scope",
        CONFIRM,
    ),
];

/// The newer of two secrets.
const SECOND: &str = "0123456789abcdefghijklmnop";
const DAY: f64 = 86_400.0;

fn client(state: &mut State) -> &mut Client {
    &mut state.pools.get_mut(PROD_ID).unwrap().clients[0]
}

fn set(state: &mut State, field: &str, value: Value) {
    client(state).settings.insert(field.to_owned(), value);
}

fn add(state: &mut State, field: &str, item: &str) {
    let list = client(state)
        .settings
        .entry(field)
        .or_insert_with(|| json!([]));
    list.as_array_mut().unwrap().push(json!(item));
}

fn status(state: &mut State, status: &str) {
    status.clone_into(&mut state.domains.get_mut(PROD).unwrap().status);
}

fn without_domain(state: &mut State) {
    state.domains.clear();
}

fn mixed(state: &mut State) {
    add(state, "AllowedOAuthFlows", "code");
    add(state, "CallbackURLs", "https://app.example/back");
}

fn public(state: &mut State) {
    client(state).secrets.clear();
    set(state, "AllowedOAuthFlows", json!(["code"]));
    add(state, "CallbackURLs", "https://app.example/back");
}

fn not_alone(state: &mut State) {
    add(state, "ExplicitAuthFlows", "ALLOW_CLIENT_TOKEN_AUTH");
}

fn minutes(state: &mut State, minutes: i32) {
    set(state, "AccessTokenValidity", json!(minutes));
    set(
        state,
        "TokenValidityUnits",
        json!({"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"}),
    );
}

fn twins(state: &mut State) {
    let mut twin = client(state).clone();
    "twin0000000000000000000000".clone_into(&mut twin.id);
    state.pools.get_mut(PROD_ID).unwrap().clients.push(twin);
}

fn every_scope(state: &State) -> Value {
    let servers = &state.pools[PROD_ID].servers;
    let server = servers
        .iter()
        .find(|server| server.scopes.len() > 1)
        .unwrap();
    let scopes = server.scopes.iter();
    scopes
        .map(|scope| json!(format!("{}/{}", server.identifier, scope.scope_name)))
        .collect()
}

async fn spoilt(spoil: fn(&mut State)) -> Sandbox {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(|state| {
        state.pools.retain(|id, _| id == PROD_ID);
        state.domains.retain(|name, _| name == PROD);
        let pool = state.pools.get_mut(PROD_ID).unwrap();
        pool.clients.retain(|client| client.name == NAME);
        spoil(state);
    });
    sandbox
}

/// Opens the pool's doctor with the findings of one rule only.
async fn doctor(stage: &mut Stage, rule: &str) {
    stage.press("enter 1 D /").await;
    stage.type_text(rule).await;
    stage.press("enter").await;
}

#[tokio::test]
async fn every_fix_removes_its_finding() {
    for (rule, spoil, way, then) in CASES {
        let mut stage = Stage::on(spoilt(*spoil).await, 140, 50).await;
        doctor(&mut stage, rule).await;
        let known = RULES
            .iter()
            .find(|known| known.id.as_str() == *rule)
            .unwrap();
        let there = stage.has(known.title) && stage.has(&format!("Rule {rule}"));
        assert!(there, "{rule} is not found:\n{}", stage.screen());
        let ways = known.fixes.options();
        let fix = ways.iter().find(|fix| fix.label() == *way).unwrap();
        stage.press("f").await;
        if ways.len() > 1 {
            stage.sees(&["Fixes", fix.words()]);
            let at = ways.iter().position(|known| known == fix).unwrap() + 1;
            stage.press(&at.to_string()).await;
        }
        for step in *then {
            match step {
                Press(keys) => stage.press(keys).await,
                Type(text) => stage.type_text(text).await,
            }
        }
        let after = stage.screen();
        while !stage.has("Doctor: acme-platform-prod") {
            assert!(
                !stage.has("User pools"),
                "{rule} by {way} leads away:\n{after}"
            );
            stage.press("esc").await;
        }
        stage.press("r").await;
        let still = stage.has(&format!("Rule {rule}"));
        assert!(
            !still,
            "{rule} by {way} is still there; after the last key:\n{after}"
        );
    }
}

#[test]
fn every_rule_has_a_case_for_each_fix_or_says_what_to_do() {
    for rule in RULES {
        match rule.fixes {
            FixOptions::Here(ways) => {
                assert!(!ways.is_empty(), "{}", rule.id);
                let mut taken: Vec<&str> = CASES
                    .iter()
                    .filter(|(of, ..)| *of == rule.id.as_str())
                    .map(|(_, _, way, _)| *way)
                    .collect();
                let mut ways: Vec<&str> = ways.iter().map(|way| way.label()).collect();
                taken.sort_unstable();
                ways.sort_unstable();
                assert_eq!(taken, ways, "{}", rule.id);
            }
            FixOptions::Elsewhere(why) => assert!(why.len() > 30, "{}: {why}", rule.id),
        }
    }
}

#[tokio::test]
async fn a_finding_without_a_fix_says_what_to_do() {
    let trigger = |version: &str, tier: &str| {
        let (version, tier) = (version.to_owned(), tier.to_owned());
        move |state: &mut State| {
            let pool = state.pools.get_mut(PROD_ID).unwrap();
            let arn = "arn:aws:lambda:eu-west-1:123456789012:function:claims";
            let config =
                json!({"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": arn}});
            pool.settings.insert("LambdaConfig".to_owned(), config);
            pool.settings.insert("UserPoolTier".to_owned(), json!(tier));
        }
    };
    for (rule, spoil) in [
        (RuleId::TriggerNotInPlan, trigger("V3_0", "LITE")),
        (RuleId::TriggerNeverFires, trigger("V2_0", "ESSENTIALS")),
        (RuleId::TriggerChangesScopes, trigger("V3_0", "ESSENTIALS")),
    ] {
        let known = RULES.iter().find(|known| known.id == rule).unwrap();
        let FixOptions::Elsewhere(how) = known.fixes else {
            panic!("{rule} has fixes");
        };
        let sandbox = spoilt(|_| ()).await;
        sandbox.edit(spoil);
        let mut stage = Stage::on(sandbox, 140, 50).await;
        doctor(&mut stage, rule.as_str()).await;
        stage.sees(&[&format!("Rule {rule}"), how]);
        for (width, height) in [(140, 50), (80, 24)] {
            stage.resize(width, height);
            stage.press("f").await;
            // The notice says it whole, in as many lines as it takes, below the pane and over nothing of it.
            let screen = stage.screen();
            let notice = screen.rsplit('┘').next().unwrap();
            let said = notice.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains(how), "{screen}");
        }
        assert_eq!(stage.calls("UpdateUserPool"), 0);
    }
}

#[tokio::test]
async fn a_domain_in_creation_needs_only_time() {
    let creating =
        |state: &mut State| state.domains.get_mut(PROD).unwrap().status = "CREATING".to_owned();
    let mut stage = Stage::on(spoilt(creating).await, 140, 50).await;
    doctor(&mut stage, "domain-not-active").await;
    stage.press("f").await;
    stage.sees(&["No fix available: Wait until it is ACTIVE"]);
}

/// `create-user-pool-client --generate-secret --allowed-o-auth-flows client_credentials`, and nothing else.
fn half_made(state: &mut State) {
    set(state, "AllowedOAuthFlowsUserPoolClient", json!(false));
    set(state, "AllowedOAuthScopes", json!([]));
}

#[tokio::test]
async fn one_fix_puts_all_errors_of_a_client_right_and_asks_for_the_scopes() {
    for rule in ["oauth-off", "no-scopes"] {
        let mut stage = Stage::on(spoilt(half_made).await, 140, 50).await;
        doctor(&mut stage, rule).await;
        stage.press("f").await;
        // OAuth is filled in; the focus is on the scopes, and an untouched form closes at once.
        stage.sees(&["Edit app client carrier-webhook", "(•) on"]);
        stage.press("esc").await;
        stage.sees(&["Doctor: acme-platform-prod"]);
        stage.press("f space enter").await;
        assert!(stage.confirms(), "{}", stage.screen());
        assert_eq!(stage.calls("UpdateUserPoolClient"), 0);
        stage.press("enter").await;
        let client = stage.sandbox_client(PROD_ID, NAME);
        assert_eq!(client.settings["AllowedOAuthFlowsUserPoolClient"], true);
        assert_eq!(
            client.settings["AllowedOAuthScopes"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(stage.calls("UpdateUserPoolClient"), 1);
        stage.press("r").await;
        stage.sees_no("Rule oauth-off");
        stage.sees_no("Rule no-scopes");
    }
}
