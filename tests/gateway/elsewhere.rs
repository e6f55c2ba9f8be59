//! Runs a test in a process with its own environment.

use std::process::Command;

/// Set in the process that runs the body of a test.
const INSIDE: &str = "COGNITUI_TEST_INSIDE";

/// Runs the test `name`, with its module, again with only `vars` in its environment and a home directory with `config` for AWS.
/// Returns false in that process, where the test must continue.
pub fn elsewhere(name: &str, vars: &[(&str, &str)], config: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env_clear()
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(vars.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    true
}
