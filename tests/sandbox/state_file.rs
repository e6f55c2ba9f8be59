//! What is kept between runs, and how.

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
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["state.json"], "nothing is left beside the file");
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
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
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

/// Why a server does not start on the file.
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
