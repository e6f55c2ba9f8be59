//! The state between runs.

use std::fs;
use std::path::Path;
use std::time::Duration;

use cognitui::sandbox::{Options, Sandbox};
use serde_json::json;

use super::api::Api;

fn options(path: &Path) -> Options {
    Options {
        state_file: Some(path.to_owned()),
        ..Options::default()
    }
}

#[tokio::test]
async fn what_is_made_in_one_run_is_there_in_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let api = Api::with(options(&path)).await;
    let pool = api.pool_with_api().await;
    let client = api.client(&pool).await;
    api.sandbox.stop().await.unwrap();

    let api = Api::with(options(&path)).await;
    let input = json!({"UserPoolId": pool, "ClientId": client["ClientId"]});
    let answer = api.ok("DescribeUserPoolClient", input).await;
    assert_eq!(answer["UserPoolClient"], client);
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["state.json", "state.json.key"],
        "nothing is left beside the file and its key"
    );
}

#[tokio::test]
async fn dropping_the_server_keeps_what_it_knew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let api = Api::with(options(&path)).await;
    let pool = api.pool("p").await;
    drop(api);
    let api = Api::with(options(&path)).await;
    assert!(api.sandbox.state().pools.contains_key(&pool));
}

#[tokio::test]
async fn a_change_is_on_the_disk_without_a_stop() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let api = Api::with(options(&path)).await;
    let pool = api.pool("p").await;
    let written = async {
        while !fs::read_to_string(&path).is_ok_and(|text| text.contains(&pool)) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), written)
        .await
        .expect("the state file follows a change");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    Api::with(options(&path))
        .await
        .sandbox
        .stop()
        .await
        .unwrap();
    for name in ["state.json", "state.json.key"] {
        let kept = fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(kept.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_corrupt_file_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    for corrupt in ["{\n  \"pools\": {\n    oops", "{\"pools\": []}", ""] {
        fs::write(&path, corrupt).unwrap();
        let error = refusal(&path).await;
        assert!(error.contains(path.to_str().unwrap()), "{error}");
        assert!(error.contains("line "), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), corrupt);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_an_error_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("state.json");
    let error = refusal(&path).await;
    assert!(error.contains(path.to_str().unwrap()), "{error}");
}

#[tokio::test]
async fn a_file_has_one_server_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let api = Api::with(options(&path)).await;
    let pool = api.pool("p").await;
    for _ in 0..2 {
        let error = refusal(&path).await;
        assert!(error.contains("another sandbox"), "{error}");
    }
    api.sandbox.stop().await.unwrap();
    let api = Api::with(options(&path)).await;
    assert!(api.sandbox.state().pools.contains_key(&pool));
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_to_the_file_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("real.json"), folder.path().join("link"));
    fs::write(&path, r#"{"pools": {}, "domains": {}}"#).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let api = Api::with(options(&link)).await;
    let pool = api.pool("p").await;
    api.sandbox.stop().await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&path).unwrap().contains(&pool));
}

#[tokio::test]
async fn what_a_killed_server_left_behind_is_removed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    fs::write(&path, r#"{"pools": {}, "domains": {}}"#).unwrap();
    let others = ["state.json.old.tmp", "state.json.tmp", "test.json.12.tmp"];
    for name in others.iter().chain(&["state.json.12.tmp"]) {
        fs::write(folder.path().join(name), "half").unwrap();
    }
    drop(Api::with(options(&path)).await);
    assert!(!folder.path().join("state.json.12.tmp").exists());
    for name in others {
        assert!(folder.path().join(name).exists(), "{name}");
    }
}

/// Creates a state file with a client; returns the client as Cognito describes it.
async fn with_client(path: &Path) -> serde_json::Value {
    let api = Api::with(options(path)).await;
    let pool = api.pool_with_api().await;
    let client = api.client(&pool).await;
    // Makes the pool's keys.
    let keys = format!("{}/{pool}/.well-known/jwks.json", api.sandbox.url());
    reqwest::get(keys).await.unwrap().text().await.unwrap();
    api.sandbox.stop().await.unwrap();
    client
}

#[tokio::test]
async fn secrets_and_signing_keys_are_sealed_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let client = with_client(&path).await;
    let text = fs::read_to_string(&path).unwrap();
    let secret = client["ClientSecret"].as_str().unwrap();
    assert!(!text.contains(secret), "{text}");
    let state: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pools = state["pools"].as_object().unwrap();
    let pool = pools.values().next().unwrap();
    for sealed in [
        &pool["keys"][0]["pkcs8"],
        &pool["clients"][0]["secrets"][0]["value"],
    ] {
        assert!(sealed.as_str().unwrap().starts_with("sealed:"), "{sealed}");
    }
}

#[tokio::test]
async fn a_sealed_file_without_its_key_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    with_client(&path).await;
    let before = fs::read(&path).unwrap();
    let key = folder.path().join("state.json.key");
    let kept = fs::read(&key).unwrap();

    fs::remove_file(&key).unwrap();
    let error = refusal(&path).await;
    assert!(error.contains("state.json.key is missing"), "{error}");
    assert!(!key.exists(), "a new key would open nothing");

    fs::write(&key, "Zm9yZ290dGVuLCBzb3JyeSwgYnV0IDMyIGJ5dGVzISE=").unwrap();
    let error = refusal(&path).await;
    assert!(error.contains("another key"), "{error}");
    fs::write(&key, "nonsense").unwrap();
    let error = refusal(&path).await;
    assert!(error.contains("does not hold a key"), "{error}");

    assert_eq!(fs::read(&path).unwrap(), before);
    fs::write(&key, kept).unwrap();
    Api::with(options(&path)).await;
}

#[tokio::test]
async fn a_sealed_secret_that_was_moved_to_another_client_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    with_client(&path).await;
    let text = fs::read_to_string(&path).unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pools = state["pools"].as_object_mut().unwrap();
    let pool = pools.values_mut().next().unwrap();
    pool["clients"][0]["id"] = json!("another");
    fs::write(&path, state.to_string()).unwrap();
    let error = refusal(&path).await;
    assert!(error.contains("left as it is"), "{error}");
}

#[tokio::test]
async fn a_file_of_an_earlier_version_with_its_secrets_in_clear_is_read_and_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let client = with_client(&path).await;
    let secret = client["ClientSecret"].as_str().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pools = state["pools"].as_object_mut().unwrap();
    let pool = pools.values_mut().next().unwrap();
    pool["clients"][0]["secrets"][0]["value"] = json!(secret);
    pool["keys"] = json!([]);
    fs::write(&path, state.to_string()).unwrap();
    fs::remove_file(folder.path().join("state.json.key")).unwrap();

    let api = Api::with(options(&path)).await;
    let pools = api.sandbox.state().pools;
    let kept = &pools.values().next().unwrap().clients[0];
    assert_eq!(kept.secrets[0].value, secret);
    api.sandbox.stop().await.unwrap();
    assert!(!fs::read_to_string(&path).unwrap().contains(secret));
}

/// Returns why a server does not start on the file.
async fn refusal(path: &Path) -> String {
    let started = Sandbox::start(options(path)).await;
    started.err().unwrap().to_string()
}

#[tokio::test]
async fn a_state_of_another_region_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let api = Api::with(options(&path)).await;
    api.pool("p").await;
    api.sandbox.stop().await.unwrap();
    let before = fs::read(&path).unwrap();

    let elsewhere = Options {
        region: "us-east-1".to_owned(),
        ..options(&path)
    };
    let error = Sandbox::start(elsewhere).await.err().unwrap().to_string();
    assert!(error.contains("start with --region eu-west-1"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn secrets_managers_values_are_kept_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let api = Api::with(options(&path)).await;
    // It looks sealed, and is not.
    let value = "sealed:with-seven-seals";
    let id = json!({"SecretId": "team/machine"});
    let new = json!({
        "Name": "team/machine", "SecretString": value, "ClientRequestToken": "0".repeat(32),
    });
    api.ok("CreateSecret", new).await;
    let managed = json!({
        "UserPoolId": api.pool("p").await, "ClientName": "c", "GenerateSecret": true,
        "PublishSecretsInAWSSecretsManager": true,
    });
    let managed = api.ok("CreateUserPoolClient", managed).await;
    let arn = json!({"SecretId": managed["UserPoolClient"]["ClientSecretArn"]});
    let read = api.ok("GetSecretValue", arn.clone()).await;
    let kept = read["SecretString"].as_str().unwrap();
    let kept: serde_json::Value = serde_json::from_str(kept).unwrap();
    api.sandbox.stop().await.unwrap();

    let text = fs::read_to_string(&path).unwrap();
    for secret in ["seven-seals", kept["clientSecretValue"].as_str().unwrap()] {
        assert!(!text.contains(secret), "{secret}");
    }
    let api = Api::with(options(&path)).await;
    assert_eq!(api.ok("GetSecretValue", id).await["SecretString"], value);
    assert_eq!(api.ok("GetSecretValue", arn).await, read);
}

#[tokio::test]
async fn a_file_from_before_secrets_manager_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let client = with_client(&path).await;
    let text = fs::read_to_string(&path).unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
    state.as_object_mut().unwrap().remove("stored").unwrap();
    let pools = state["pools"].as_object_mut().unwrap();
    let kept = &mut pools.values_mut().next().unwrap()["clients"][0];
    for member in ["managed", "shown"] {
        kept.as_object_mut().unwrap().remove(member).unwrap();
    }
    let secret = kept["secrets"][0].as_object_mut().unwrap();
    secret.remove("custom").unwrap();
    fs::write(&path, state.to_string()).unwrap();

    let api = Api::with(options(&path)).await;
    let input = json!({
        "UserPoolId": client["UserPoolId"], "ClientId": client["ClientId"],
        "PublishSecretsInAWSSecretsManager": true,
    });
    let moved = api.ok("UpdateUserPoolClient", input).await;
    assert!(moved["UserPoolClient"].get("ClientSecretArn").is_some());
}
