//! `completions` and `man`.

use crate::world::World;

#[test]
fn every_shell_has_completions_that_know_the_commands() {
    let world = World::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = world.run(&["completions", shell]).answer();
        assert!(
            script.contains("credentials") && script.contains("graph-endpoint"),
            "{shell}"
        );
    }
}

#[test]
fn manual_pages_are_roff() {
    let world = World::new();
    let page = world.run(&["man"]).answer();
    assert!(page.contains(".TH cognitui 1"), "{page}");
    assert!(page.contains("wrong command line"), "{page}");
    let page = world.run(&["man", "credentials"]).answer();
    assert!(page.contains(".TH cognitui-credentials 1"), "{page}");
    let page = world.run(&["man", "create", "client"]).answer();
    assert!(
        page.contains("explicit") && page.contains("callback"),
        "{page}"
    );
    world.run(&["man", "nothing"]).misused(&["unknown command"]);
}
