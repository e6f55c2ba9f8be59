//! Domain updates: another certificate, other sign-in pages, and nothing else.

use cognitui::sandbox::Options;
use serde_json::json;

use crate::front::{Answer, Call, Front, json as in_json};
use crate::stage::{DEVICES, DEVICES_ID, PROD, STAGING, STAGING_ID, Stage, sandbox};

const CUSTOM: &str = "auth.acme.example";
const OLD: &str =
    "arn:aws:acm:us-east-1:123456789012:certificate/6c2f5d3e-8f1b-4a57-9f0e-2b7d1c4e8a90";
const NEW: &str =
    "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000001";

/// Opens the form for the custom domain of the production pool, the focus on its sign-in pages.
async fn form() -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("4 down e").await;
    stage.sees(&[
        "Edit domain auth.acme.example",
        "Sign-in pages",
        OLD,
        "To rename a domain, delete it",
    ]);
    stage
}

#[tokio::test]
async fn a_certificate_and_the_pages_are_changed_and_the_rest_is_sent_back() {
    let mut stage = form().await;
    stage.sandbox.edit(|state| {
        let settings = &mut state.domains.get_mut(CUSTOM).unwrap().settings;
        settings["CustomDomainConfig"]["SecurityPolicy"] = json!("TLS_V1_2_2021");
        settings.insert(
            "Routing".to_owned(),
            json!({"Failover": {"SecondaryRegion": "eu-central-1", "PrimaryRoute53HealthCheckId": "h-1"}}),
        );
    });
    stage.press("esc r e").await;
    stage.sees(&["TLS policy stays TLS_V1_2_2021"]);
    stage.press("right tab ctrl-u").await;
    stage.type_text(NEW).await;
    stage.press("enter").await;
    stage.sees(&[
        "Apply this plan?",
        "~ Change domain auth.acme.example",
        "ManagedLoginVersion",
        "CertificateArn",
    ]);
    assert_eq!(stage.calls("UpdateUserPoolDomain"), 0);
    // The command does the same, and so carries what the call would put back.
    stage.press("y").await;
    let command = stage.clipboard();
    for part in [
        "update-user-pool-domain",
        &format!(r#"'{{"CertificateArn":"{NEW}","SecurityPolicy":"TLS_V1_2_2021"}}'"#),
        r#"--routing '{"Failover":{"SecondaryRegion":"eu-central-1","PrimaryRoute53HealthCheckId":"h-1"}}'"#,
    ] {
        assert!(command.contains(part), "no {part} in {command}");
    }
    stage.press("enter").await;
    stage.sees(&[
        "Done: Change domain auth.acme.example",
        NEW,
        "TLS_V1_2_2021",
    ]);
    let domain = stage.sandbox.state().domains[CUSTOM].clone();
    assert_eq!(domain.certificate_arn.as_deref(), Some(NEW));
    assert_eq!(
        domain.settings["CustomDomainConfig"]["SecurityPolicy"],
        json!("TLS_V1_2_2021")
    );
    assert_eq!(
        domain.settings["Routing"]["Failover"]["SecondaryRegion"],
        json!("eu-central-1")
    );
}

#[tokio::test]
async fn a_certificate_that_cognito_would_refuse_is_refused_while_typed() {
    let mut stage = form().await;
    stage.press("tab ctrl-u").await;
    stage.sees(&["Enter the certificate's ARN"]);
    stage
        .type_text(&NEW.replace("us-east-1", "eu-west-1"))
        .await;
    stage.sees(&["The certificate is in eu-west-1; Cognito needs one in us-east-1"]);
    stage.press("enter").await;
    stage.sees(&["Edit domain", "Cognito needs one in us-east-1"]);
    assert!(!stage.confirms(), "{}", stage.screen());
}

#[tokio::test]
async fn a_prefix_has_no_certificate_and_other_pages() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("4").await;
    let name = "acme-platform-staging";
    let before = stage.sandbox.state().domains[name].managed_login_version;
    stage.press("e").await;
    stage.sees_no("Certificate ARN");
    stage.press("enter").await;
    stage.sees(&["No changes"]);
    stage.press("right enter").await;
    let after = 3 - before;
    stage.sees(&[&format!("ManagedLoginVersion {before} -> {after}")]);
    stage.press("enter").await;
    stage.sees(&["Done: Change domain", &format!("{after} ")]);
    let domain = stage.sandbox.state().domains[name].clone();
    assert_eq!(
        (domain.managed_login_version, domain.certificate_arn),
        (after, None)
    );
}

#[tokio::test]
async fn managed_login_is_refused_where_the_tier_lacks_it() {
    let mut stage = Stage::open().await;
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(DEVICES_ID).unwrap();
        pool.settings
            .insert("UserPoolTier".to_owned(), json!("LITE"));
    });
    stage.pool(DEVICES).await;
    stage.press("4 n").await;
    stage.type_text("devices-iot").await;
    stage.press("tab right").await;
    stage.sees(&["needs the ESSENTIALS or PLUS tier, and the pool's is LITE"]);
    stage.press("enter").await;
    stage.sees(&["New domain of", "needs the ESSENTIALS or PLUS tier"]);
    assert!(!stage.confirms(), "{}", stage.screen());
    stage.press("left enter").await;
    stage.sees(&["+ Create domain devices-iot"]);
}

#[tokio::test]
async fn somebody_elses_change_of_the_domain_is_not_overwritten() {
    let mut stage = form().await;
    stage.press("right").await;
    stage.sandbox.edit(|state| {
        let domain = state.domains.get_mut(CUSTOM).unwrap();
        domain.certificate_arn = Some(NEW.to_owned());
        domain.settings["CustomDomainConfig"]["CertificateArn"] = json!(NEW);
    });
    stage.press("enter enter").await;
    stage.sees(&["changed by another program meanwhile"]);
    assert_eq!(stage.calls("UpdateUserPoolDomain"), 0);
    stage.press("esc").await;
    stage.sees(&["Changed in AWS meanwhile", NEW]);
    stage.press("enter").await;
    stage.sees(&["ManagedLoginVersion"]);
    stage.sees_no("CertificateArn");
    stage.press("enter").await;
    stage.sees(&["Done: Change domain"]);
    let domain = stage.sandbox.state().domains[CUSTOM].clone();
    assert_eq!(domain.certificate_arn.as_deref(), Some(NEW));
}

/// Returns the operation of a call.
fn operation(call: &Call) -> &str {
    let target = call.headers.get("x-amz-target");
    target.map_or("", |target| target.to_str().unwrap())
}

/// Answers as a Cognito that is newer than this program.
fn newer(call: &Call) -> Answer {
    let operation = operation(call);
    let future = r#""FutureSetting":{"Mode":"strict"}"#;
    if operation.ends_with(".ListResourceServers") {
        let server = format!(
            r#"{{"ResourceServers":[{{"UserPoolId":"{STAGING_ID}","Identifier":"orders","Name":"Orders",{future},
            "Scopes":[{{"ScopeName":"read","ScopeDescription":"Read","FutureKind":7}}]}},
            {{"UserPoolId":"{STAGING_ID}","Identifier":"plain","Name":"Plain","Scopes":[]}}]}}"#
        );
        return in_json(200, server);
    }
    if operation.ends_with(".DescribeUserPoolDomain") {
        let domain = format!(
            r#"{{"DomainDescription":{{"UserPoolId":"{STAGING_ID}","Domain":"acme-platform-staging","Status":"ACTIVE",{future}}}}}"#
        );
        return in_json(200, domain);
    }
    Answer::Cognito
}

/// Answers as a Cognito that omits what it usually returns, or returns unknown words.
fn strange(call: &Call) -> Answer {
    let operation = operation(call);
    if operation.ends_with(".DescribeUserPool") {
        let word = if call.body.contains(STAGING_ID) {
            r#","DeletionProtection":"GUARDED","IssuerConfiguration":{"Type":"MOVED"}"#
        } else {
            ""
        };
        let pool = format!(
            r#"{{"UserPool":{{"Id":"{STAGING_ID}","Name":"{STAGING}"{word},"LambdaConfig":{{"PreTokenGenerationConfig":
            {{"LambdaVersion":"V9_0","LambdaArn":"arn:aws:lambda:eu-west-1:123456789012:function:f"}}}}}}}}"#
        );
        return in_json(200, pool);
    }
    if operation.ends_with(".DescribeUserPoolClient") {
        let asked: serde_json::Value = serde_json::from_str(&call.body).unwrap();
        let client = format!(
            r#"{{"UserPoolClient":{{"UserPoolId":"{STAGING_ID}","ClientId":{},"ClientName":"price-poller",
            "AllowedOAuthFlowsUserPoolClient":true,"AllowedOAuthFlows":["client_credentials"],"AllowedOAuthScopes":["orders/read"],
            "ExplicitAuthFlows":["ALLOW_REFRESH_TOKEN_AUTH"],"ClientSecret":"0123456789abcdefghijklmnopqrstuv",
            "AccessTokenValidity":90,"TokenValidityUnits":{{"AccessToken":"fortnights"}},
            "RefreshTokenRotation":{{"Feature":"SOMETIMES"}}}}}}"#,
            asked["ClientId"]
        );
        return in_json(200, client);
    }
    Answer::Cognito
}

#[tokio::test]
async fn nothing_is_concluded_from_what_cognito_leaves_out_or_says_in_new_words() {
    let cognito = sandbox(Options::default()).await;
    let front = Front::of(cognito.url(), |call, _| strange(call)).await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    stage.pool(STAGING).await;
    stage.press("1").await;
    stage.sees(&[
        "protection unknown",
        "GUARDED",
        "unknown whether it fires",
        "MOVED",
    ]);
    for claim in [
        "not protected",
        "only V3_0 does",
        "Cognito's estimate",
        "amazonaws.com/eu-west-1_",
    ] {
        stage.sees_no(claim);
    }
    stage.press("2").await;
    stage.sees(&["Type         unknown"]);
    stage.press("enter").await;
    stage.sees(&[
        "Access token      unknown",
        "fortnights",
        "SOMETIMES",
        "Client type       unknown",
    ]);
    for claim in ["90 h", "90 d", "Rotation off", "Rotation on"] {
        stage.sees_no(claim);
    }
    stage.press("esc D").await;
    for claim in [
        "Deletion protection is off",
        "Very short token lifetime",
        "Very long token lifetime",
        "Trigger does not run for M2M",
        "AccessTokenValidity",
        "DeletionProtection",
    ] {
        stage.sees_no(claim);
    }
}

#[tokio::test]
async fn what_no_build_knows_yet_of_servers_and_domains_is_shown() {
    let cognito = sandbox(Options::default()).await;
    let front = Front::of(cognito.url(), |call, _| newer(call)).await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    for (width, height) in [(140, 50), (80, 24)] {
        stage.resize(width, height);
        stage.pool(STAGING).await;
        stage.press("3").await;
        stage.sees(&[
            "Other settings",
            "FutureSetting",
            "strict",
            "Scopes[read].FutureKind",
        ]);
        stage.press("G").await;
        stage.sees_no("Other settings");
        stage.press("4").await;
        stage.sees(&["Other settings", "FutureSetting", "strict"]);
        stage.press("esc").await;
    }
}
