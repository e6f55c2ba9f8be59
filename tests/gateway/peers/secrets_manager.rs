//! AWS Secrets Manager as a target of deliveries.

use std::process::Command;

use aws_sdk_secretsmanager::Client;
use cognitui::cognito::ErrorKind;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::peers::gateway;
use crate::peers::ministack::Ministack;

const NAME: &str = "team/machine_auth";

async fn kept(ministack: &Ministack, version: Option<&str>) -> String {
    let read = Client::new(&ministack.config())
        .get_secret_value()
        .secret_id(NAME);
    let read = read.set_version_id(version.map(str::to_owned));
    read.send().await.unwrap().secret_string.unwrap()
}

#[tokio::test]
async fn a_secret_is_made_once_and_then_gets_versions() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    assert!(gateway.kept_secret(NAME).await.unwrap().is_none());
    let value = |text: &str| SecretString::from(text.to_owned());
    let absent = gateway.put_secret(NAME, &value("none")).await.unwrap_err();
    assert_eq!(absent.kind, ErrorKind::NotFound, "{absent:?}");
    let first = gateway.create_secret(NAME, &value("one")).await.unwrap();
    assert!(first.created && first.arn.contains(NAME), "{first:?}");
    let again = gateway
        .create_secret(NAME, &value("two"))
        .await
        .unwrap_err();
    assert_eq!(again.kind, ErrorKind::Conflict, "{again:?}");
    let second = gateway.put_secret(NAME, &value("two")).await.unwrap();
    assert!(!second.created, "{second:?}");
    assert_eq!(second.arn, first.arn);
    assert_ne!(second.version, first.version);
    assert_eq!(kept(&ministack, None).await, "two");
    assert_eq!(kept(&ministack, Some(&first.version)).await, "one");
    let now = gateway.kept_secret(NAME).await.unwrap().unwrap();
    assert_eq!(now.expose_secret(), "two");
    let back = gateway.stored_secret(&first).await.unwrap();
    assert_eq!(back.expose_secret(), "one");
}

#[tokio::test]
async fn credentials_are_kept_as_json_and_the_arn_and_version_are_told() {
    let ministack = Ministack::start().await;
    let made = made(&ministack).await;
    let ran = Command::new(env!("CARGO_BIN_EXE_cognitui"))
        .args([
            "credentials",
            "--pool",
            &made.pool,
            "--client",
            &made.client,
        ])
        .args(["--to", &format!("secretsmanager:{NAME}")])
        .args(["--graph-endpoint", "https://x/graphql"])
        .env_clear()
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "eu-west-1")
        .env("COGNITUI_ENDPOINT_URL", &ministack.url)
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(ran.status.success() && ran.stdout.is_empty(), "{said}");
    assert!(
        said.contains("arn:aws:secretsmanager:") && said.contains("version"),
        "{said}"
    );
    let json: Value = serde_json::from_str(&kept(&ministack, None).await).unwrap();
    assert_eq!(json["client_id"], made.client.as_str());
    assert_eq!(json["client_secret"], made.secret.as_str());
    assert_eq!(json["graph_endpoint"], "https://x/graphql");
    assert!(
        json["token_endpoint"]
            .as_str()
            .unwrap()
            .ends_with("/oauth2/token")
    );
    assert!(said.contains("verified by reading back"), "{said}");
    assert!(!said.contains(&made.secret));
    // Somebody else's is left alone, unless that is asked for.
    let bare = Client::new(&ministack.config());
    let theirs = bare.put_secret_value().secret_id(NAME);
    let theirs = theirs.secret_string("somebody's").send().await;
    theirs.unwrap();
    for (more, code, now) in [
        (None, 1, "somebody's"),
        (Some("--replace"), 0, &made.client),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cognitui"));
        let ran = command
            .args([
                "credentials",
                "--pool",
                &made.pool,
                "--client",
                &made.client,
            ])
            .args(["--to", &format!("secretsmanager:{NAME}")])
            .args(["--graph-endpoint", "https://x/graphql"])
            .args(more)
            .env_clear()
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "eu-west-1")
            .env("COGNITUI_ENDPOINT_URL", &ministack.url)
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(code), "{ran:?}");
        assert!(kept(&ministack, None).await.contains(now));
    }
}

struct Made {
    pool: String,
    client: String,
    secret: String,
}

/// Creates a pool with a domain and a machine's client in it.
async fn made(ministack: &Ministack) -> Made {
    use cognitui::domain::new_client::{machine_auth, machine_auth_server};
    use cognitui::domain::pool::{NewDomain, NewPool};
    let gateway = gateway(ministack).await;
    let new = NewPool {
        name: "machines".to_owned(),
        admin_create_only: true,
        deletion_protection: false,
        tier: None,
        username_attributes: vec![],
        tags: std::collections::BTreeMap::new(),
    };
    let pool = gateway.create_pool(&new).await.unwrap();
    let domain = NewDomain {
        name: "machines-x8".to_owned(),
        certificate_arn: None,
        managed_login_version: None,
    };
    gateway.create_domain(&pool.id, &domain).await.unwrap();
    gateway
        .create_resource_server(&pool.id, &machine_auth_server())
        .await
        .unwrap();
    let made = gateway
        .create_client(&pool.id, &machine_auth())
        .await
        .unwrap();
    Made {
        pool: pool.id.to_string(),
        client: made.client.id.to_string(),
        secret: made.secret.unwrap().expose_secret().to_owned(),
    }
}
