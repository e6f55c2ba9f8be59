//! A client or a whole pool as code: shown, copied, written to a file, and never with a secret in it.

use cognitui::sandbox::state::Pool;

use crate::stage::{PARTNERS, STAGING, STAGING_ID, Stage};

#[track_caller]
fn holds_no_secret(text: &str, pool: &Pool) {
    for client in &pool.clients {
        for secret in &client.secrets {
            assert!(!text.contains(&secret.value), "{text}");
        }
    }
}

#[tokio::test]
async fn a_client_is_shown_and_copied_in_every_format() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("E").await;
    let formats = [
        ("1", "aws_cognito_user_pool_client", "Terraform"),
        ("2", "AWS::Cognito::UserPoolClient", "CloudFormation"),
        ("3", "aws-cdk-lib", "CDK"),
        ("4", "create-user-pool-client", "AWS CLI"),
    ];
    let pool = stage.sandbox_pool(STAGING_ID);
    for (key, sign, name) in formats {
        stage.press(key).await;
        stage.press("y").await;
        stage.sees(&[name, &format!("Copied the {name} export")]);
        let copied = stage.clipboard();
        assert!(
            copied.contains(sign) && copied.contains("price-poller"),
            "{copied}"
        );
        assert!(!copied.contains("invoice-sync"), "{copied}");
        holds_no_secret(&copied, &pool);
    }
}

#[tokio::test]
async fn a_pool_is_exported_whole_and_says_what_is_left_out() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("1 E").await;
    stage.sees(&["Scopes of app client invoice-sync", "billing/refunds.write"]);
    stage.press("y").await;
    let copied = stage.clipboard();
    for name in ["price-poller", "nightly-report", "orders", "billing"] {
        assert!(copied.contains(name), "no {name} in {copied}");
    }
    holds_no_secret(&copied, &stage.sandbox_pool(STAGING_ID));
}

#[tokio::test]
async fn all_clients_are_read_before_a_pool_is_exported() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text(PARTNERS).await;
    stage.press("enter").await;
    stage.tap("enter");
    stage
        .hear_until("the list", |screen| screen.contains("App clients 300"))
        .await;
    stage.press("1 E").await;
    stage.sees(&["app clients not read: A reads them"]);
    stage.press("y").await;
    assert!(stage.bottom().contains("not read"), "{}", stage.bottom());
    stage.tap("A");
    stage
        .hear_until("the count", |screen| {
            screen.contains("loading app client settings")
        })
        .await;
    stage.tap("y");
    assert!(
        stage.bottom().contains("loading app client settings"),
        "{}",
        stage.bottom()
    );
    stage.settle().await;
    stage.press("y").await;
    stage.sees(&["Copied the Terraform export"]);
}

#[tokio::test]
async fn a_file_is_written_once_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.tf");
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("E w").await;
    stage.sees(&["File", "price-poller.tf"]);
    stage.press("ctrl-u").await;
    stage.type_text(path.to_str().unwrap()).await;
    stage.press("enter").await;
    stage.sees(&["Wrote", "out.tf"]);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        written.contains("aws_cognito_user_pool_client"),
        "{written}"
    );
    holds_no_secret(&written, &stage.sandbox_pool(STAGING_ID));
    stage.press("w ctrl-u").await;
    stage.type_text(path.to_str().unwrap()).await;
    stage.press("enter").await;
    stage.sees(&["Cannot write", "there is a file of this name already"]);
    stage.press("esc esc").await;
    stage.sees_no("File ");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
}

#[tokio::test]
async fn without_all_the_clients_there_is_no_export() {
    let mut stage = Stage::open().await;
    stage.fault("DescribeUserPoolClient:access-denied");
    stage.pool(STAGING).await;
    stage.press("1 E").await;
    stage.sees(&["could not be read; an export without them would be wrong"]);
    stage.press("y").await;
    stage.sees_no("Copied");
}

#[tokio::test]
async fn lines_wider_than_the_screen_are_read_by_going_to_the_side() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("E").await;
    let left = "h j k l scroll";
    let wide = "AuthorizesTokensOf";
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        let server = pool.servers.iter_mut();
        let server = server
            .into_iter()
            .find(|server| server.identifier == "orders");
        server.unwrap().scopes[0].scope_description = format!("{} {wide}", "long ".repeat(20));
    });
    stage.press("r").await;
    stage.sees(&[left]);
    stage.sees_no(wide);
    stage.press("pgdn").await;
    stage.press(&"l ".repeat(20)).await;
    stage.sees(&[wide]);
    stage.press(&"h ".repeat(20)).await;
    stage.sees_no(wide);
}
