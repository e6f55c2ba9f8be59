//! What the programs that the console starts can see: the helper of a profile's `credential_process`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use cognitui::sandbox::{Options, Sandbox};

use crate::leaks::needles::Needles;
use crate::leaks::traces;
use crate::pty::console::Start;

const KEY: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00";
const SESSION: &str = "FwoGZXIvYXdzEXAMPLEsessiontoken0123456789";

/// Records its arguments and environment. Its credentials expire at once, so that every call of the console runs it again.
fn helper(home: &std::path::Path) -> String {
    format!(
        "#!/bin/bash\ntr '\\0' '\\n' < /proc/$$/environ >> {home}/started\ntr '\\0' '\\n' < /proc/$$/cmdline >> {home}/started\n\
         echo started >> {home}/count\n\
         printf '{{\"Version\":1,\"AccessKeyId\":\"AKIDEXAMPLE\",\"SecretAccessKey\":\"%s\",\"SessionToken\":\"%s\",\"Expiration\":\"%s\"}}' \
         $(echo {key} | rev) $(echo {session} | rev) $(date -u -d '+5 seconds' +%Y-%m-%dT%H:%M:%SZ)\n",
        home = home.display(),
        key = KEY.chars().rev().collect::<String>(),
        session = SESSION.chars().rev().collect::<String>(),
    )
}

#[test]
fn children_are_told_nothing_and_what_they_tell_goes_nowhere() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = Options {
        sample: true,
        ..Options::default()
    };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let mut needles = Needles::default();
    for pool in sandbox.state().pools.values() {
        for client in &pool.clients {
            for secret in &client.secrets {
                needles.add(&client.name, &secret.value);
            }
        }
    }
    needles.add("the AWS secret key", KEY);
    needles.add("the AWS session token", SESSION);

    let url = sandbox.url();
    let arguments = [
        "--endpoint-url",
        &url,
        "--profile",
        "helped",
        "--region",
        "eu-west-1",
    ];
    let start = Start::console(&arguments).env("RUST_LOG", "trace");
    let home = start.home().to_owned();
    let program = home.join("helper");
    fs::write(&program, helper(&home)).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    fs::create_dir(home.join(".aws")).unwrap();
    let profile = format!(
        "[profile helped]\ncredential_process = {}\n",
        program.display()
    );
    fs::write(home.join(".aws/config"), profile).unwrap();
    let log = home.join("cognitui.log");
    let mut start = start;
    start.command.arg("--log");
    start.command.arg(&log);

    let mut console = start.open();
    console.wait_for_words(&["acme-platform-staging"]);
    console.press("/acme-platform-staging\r");
    console.wait_for_words(&["1 of "]);
    console.press("\r");
    console.wait_for_words(&["price-poller"]);
    console.press("/price-poller\r\r");
    console.wait_for_words(&["AccessTokenValidity"]);
    console.press("x");
    let secret = console.wait_for_secret();
    // Asked again with a secret on the screen.
    let before = fs::read_to_string(home.join("count")).unwrap().len();
    console.press("r");
    console.press("x");
    console.wait_for("the secret to be covered", |screen| {
        !screen.contents().contains(&secret)
    });
    console.press("xt");
    console.wait_for_words(&["Request"]);
    console.press("\r");
    console.wait_for_words(&["✓ valid"]);
    assert!(fs::read_to_string(home.join("count")).unwrap().len() > before);

    let mut found = traces::in_process(console.pid(), &needles);
    console.press("\x03");
    let ended = console.end();
    found.extend(traces::in_files(ended.home.path(), &needles));
    assert!(found.is_empty(), "{found:#?}");
    drop(sandbox);
}
