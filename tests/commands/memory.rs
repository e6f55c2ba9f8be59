//! What the program holds in memory, whatever it is answered: it runs where it may have no more (`ulimit -d`, which Linux keeps to).

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

use crate::world::{World, ran};

const MIB: usize = 1024;

/// The program in a process that may have so much memory, in kibibytes.
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

/// A server that answers every call with 200 MiB.
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
        assert!(run.err.contains("the answer is larger than"), "{run:?}");
    }
}
