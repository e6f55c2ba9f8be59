//! A consumer requests twenty tokens per second during a whole rotation, and switches to the new secret while both work.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::rotate::Case;

const TWENTY_A_SECOND: Duration = Duration::from_millis(50);
/// The requests to wait for in each part of the rotation: half a second's.
const A_WHILE: usize = 10;

/// A response, and whether the old secret was used.
type Heard = (Result<(), String>, bool);

/// Requests tokens until the receiver is dropped.
fn consumer(url: &str, id: &str, old: &str, secret: &Mutex<String>, heard: &Sender<Heard>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let http = reqwest::Client::new();
        let mut ticks = tokio::time::interval(TWENTY_A_SECOND);
        loop {
            ticks.tick().await;
            let with = secret.lock().unwrap().clone();
            let reply = http
                .post(format!("{url}/oauth2/token"))
                .basic_auth(id, Some(&with))
                .header("content-type", "application/x-www-form-urlencoded")
                .body("grant_type=client_credentials")
                .send()
                .await;
            let outcome = match reply {
                Ok(reply) if reply.status().is_success() => Ok(()),
                Ok(reply) => Err(reply.text().await.unwrap()),
                Err(error) => Err(error.to_string()),
            };
            if heard.send((outcome, with == old)).is_err() {
                return;
            }
        }
    });
}

/// Checks the responses for a while; returns how many used the old secret.
fn all_well(heard: &Receiver<Heard>, when: &str) -> usize {
    let mut with_old = 0;
    for _ in 0..A_WHILE {
        let (outcome, old) = heard.recv().unwrap();
        assert_eq!(outcome, Ok(()), "{when}");
        with_old += usize::from(old);
    }
    with_old
}

#[test]
fn a_consumer_that_switches_while_both_work_is_never_refused() {
    let case = Case::new();
    let secret = Arc::new(Mutex::new(case.old.clone()));
    let (sender, heard) = channel();
    let consumer = {
        let (url, id) = (case.world.sandbox.url(), case.id.clone());
        let (old, secret) = (case.old.clone(), Arc::clone(&secret));
        thread::spawn(move || consumer(&url, &id, &old, &secret, &sender))
    };
    assert_eq!(all_well(&heard, "before"), A_WHILE);

    let started = case.rotate(&[]);
    assert_eq!(started.code, 0, "{started:?}");
    let during: Vec<Heard> = heard.try_iter().collect();
    assert!(
        during.iter().all(|(outcome, _)| outcome.is_ok()),
        "{during:?}"
    );
    assert_eq!(all_well(&heard, "before the switch"), A_WHILE);

    let new = case.live()[1].clone();
    secret.lock().unwrap().clone_from(&new);
    let switched = heard.iter().find(|(outcome, old)| {
        assert_eq!(*outcome, Ok(()), "at the switch");
        !old
    });
    assert!(switched.is_some());
    assert_eq!(all_well(&heard, "after the switch"), 0);

    let finished = case.finish(&new);
    assert_eq!(finished.code, 0, "{finished:?}");
    let during: Vec<Heard> = heard.try_iter().collect();
    assert!(
        during.iter().all(|heard| *heard == (Ok(()), false)),
        "{during:?}"
    );
    assert_eq!(all_well(&heard, "A check shows"), 0);

    // One that had not switched would have been.
    secret.lock().unwrap().clone_from(&case.old);
    let refused = heard.iter().find(|(_, old)| *old).unwrap();
    assert!(refused.0.unwrap_err().contains("invalid_client"));
    drop(heard);
    consumer.join().unwrap();
}
