//! Empty answers, and answers that never arrive.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::world::{STAGING, TEAM, World};

#[test]
fn a_list_that_says_nothing_is_no_empty_list() {
    let world = World::new();
    for (fault, args) in [
        ("ListUserPools", &["list", "pools"][..]),
        ("ListUserPoolClients", &["list", "clients", "--pool", TEAM]),
        ("ListResourceServers", &["list", "scopes", "--pool", TEAM]),
        ("ListUserPools", &["list", "clients"]),
        ("ListUserPools", &["list", "clients", "--pool", STAGING]),
        (
            "DescribeUserPoolDomain",
            &["list", "domains", "--pool", TEAM],
        ),
        ("ListUserPoolClients", &["doctor", "--pool", TEAM]),
        (
            "ListUserPoolClients",
            &["export", "--pool", TEAM, "--as", "terraform"],
        ),
    ] {
        world.fault(&format!("{fault}:hollow"));
        let run = world.run(args);
        assert_eq!(run.code, 1, "{args:?}: {run:?}");
        run.said(&[fault, "unexpected response", "the response lacks"]);
        assert!(!run.err.contains("there are no"), "{args:?}: {run:?}");
    }
}

#[test]
fn no_second_client_is_made_where_the_first_was_passed_over_in_silence() {
    let world = World::new();
    let first = world.machine_auth();
    let apply = ["setup", "machine-auth", "--pool", TEAM, "--apply"];
    let clients = || {
        let clients = world.clients(TEAM).into_iter();
        clients.filter(|client| client.name == first.name).count()
    };
    for fault in [
        "ListUserPoolClients:hollow",
        "ListResourceServers:hollow",
        "DescribeUserPoolClient:hollow",
        "hollow",
    ] {
        world.fault(fault);
        let run = world.run(&apply);
        assert_eq!((run.code, clients()), (1, 1), "{fault}: {run:?}");
        run.said(&["unexpected response"]);
    }
    // One that was made is found, although its making said nothing.
    world.sandbox.edit(|state| {
        let pool = state.pools.get_mut(TEAM).unwrap();
        pool.clients.retain(|client| client.name != first.name);
    });
    world.fault("CreateUserPoolClient:hollow");
    let run = world.run(&apply);
    assert_eq!((run.code, clients()), (0, 1), "{run:?}");
}

#[test]
fn no_command_waits_longer_than_it_may() {
    let world = World::new();
    // It takes connections, and never says a word.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", mute.local_addr().unwrap());
    let config = world.file("config.toml", "timeout = 1\n");
    for given in [["--timeout", "1"], ["--config", &config]] {
        let start = Instant::now();
        let args = [&["list", "pools", "--endpoint-url", &url][..], &given].concat();
        world
            .run(&args)
            .refused_as(6, &["ListUserPools: timed out", "--timeout SECONDS"]);
        // By default it would be 30 seconds.
        assert!(start.elapsed() < Duration::from_secs(15), "{given:?}");
    }
    for wrong in ["0", "3601", "1.5", "soon"] {
        world
            .run(&["list", "pools", "--timeout", wrong])
            .misused(&["--timeout", "whole seconds, 1 to 3600"]);
    }
}
