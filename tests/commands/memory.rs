//! The memory of the program for any response: it runs with a limit (`ulimit -d`, which Linux enforces).

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

use cognitui::sandbox::state::{ResourceServer, Scope};
use serde_json::json;

use crate::world::{STAGING, World, ran};

const MIB: usize = 1024;

/// Returns the program in a process with this memory limit, in kibibytes.
fn within(world: &World, room: usize, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -d {room} && exec \"$@\""), "sh"])
        .arg(env!("CARGO_BIN_EXE_cognitui"))
        .args(args)
        .env_clear()
        .envs(world.environment())
        .stdin(Stdio::null());
    command
}

#[test]
fn a_matrix_with_few_crossings_takes_little_memory_however_large_it_is() {
    const CLIENTS: usize = 100;
    let world = World::new();
    world.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools.find(|pool| pool.name == STAGING).unwrap();
        pool.servers = (0..300)
            .map(|server| ResourceServer {
                identifier: format!("https://api-{server}.example.com"),
                name: format!("API {server}"),
                scopes: (0..100)
                    .map(|scope| Scope {
                        scope_name: format!("thing-{scope}:read"),
                        scope_description: "Reads things of this kind".to_owned(),
                    })
                    .collect(),
                managed_by: None,
            })
            .collect();
        let client = pool.clients[0].clone();
        pool.clients = (0..CLIENTS)
            .map(|at| {
                let mut client = client.clone();
                client.id = format!("{at:026}");
                client.name = format!("client-{at}");
                let scope =
                    |of: usize| format!("https://api-{}.example.com/thing-{}:read", at % 300, of);
                let scopes = json!([scope(1), scope(2), scope(1000)]);
                client
                    .settings
                    .insert("AllowedOAuthScopes".to_owned(), scopes);
                client
            })
            .collect();
    });
    // As a whole, in cells or in text, it would be more: 3 million cells.
    for (more, lines) in [
        (&["--csv"][..], CLIENTS + 2),
        (&["--json"], CLIENTS),
        (&[], CLIENTS + 1),
    ] {
        let args = [&["list", "matrix", "--pool", STAGING], more].concat();
        let mut run = within(&world, 32 * MIB, &args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // One by one: as a whole they would be too much here, too.
        let printed = BufReader::new(run.stdout.take().unwrap()).lines();
        let of_clients = printed.map(Result::unwrap).filter(|line| !line.is_empty());
        assert_eq!(of_clients.count(), lines, "{more:?}");
        assert!(run.wait().unwrap().success(), "{more:?}");
    }
}

/// Starts a server that answers every call with 200 MiB.
fn huge() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut request = [0; 16 * 1024];
                let _ = stream.read(&mut request).unwrap();
                let length = 200 * 1024 * MIB;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                let spaces = vec![b' '; 1024 * MIB];
                let mut sent = stream.write_all(head.as_bytes());
                for _ in 0..200 {
                    sent = sent.and_then(|()| stream.write_all(&spaces));
                }
            });
        }
    });
    url
}

#[test]
fn no_answer_takes_more_memory_than_the_largest_that_is_read() {
    let world = World::new();
    let url = huge();
    for args in [&["list", "pools"][..], &["doctor", "--pool", "eu-west-1_A"]] {
        let args = [args, &["--endpoint-url", &url]].concat();
        let run = ran(&mut within(&world, 64 * MIB, &args));
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.err.contains("the response is larger than"), "{run:?}");
    }
}
