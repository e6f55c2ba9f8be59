//! The steps of a rotation: read once, one write each, and no deletion without a proof.

use std::cell::RefCell;

use cognitui::cognito::{Doubt, ErrorKind, PutBack, Rotation};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::new_client::{machine_auth, machine_auth_server};
use cognitui::domain::rotation::{InterruptedRotation, Proof, SecretPair};
use secrecy::{ExposeSecret, SecretString};

use crate::sandbox::Demo;

const ADD: &str = "AddUserPoolClientSecret";
const DELETE: &str = "DeleteUserPoolClientSecret";

/// A client with two secrets.
struct Case {
    demo: Demo,
    pool: PoolId,
    client: ClientId,
    first: SecretString,
    second: SecretString,
}

impl Case {
    async fn start() -> Self {
        let demo = Demo::start().await;
        let pool = demo.team().await.id;
        let gateway = &demo.gateway;
        let server = machine_auth_server();
        gateway
            .create_resource_server(&pool, &server)
            .await
            .unwrap();
        let made = gateway.create_client(&pool, &machine_auth()).await.unwrap();
        let client = made.client.id;
        let rotation = gateway.rotation(&pool, &client).await.unwrap();
        let reached = RefCell::new(Vec::new());
        let added = rotation.add(None, |step| reached.borrow_mut().push(step));
        let added = added.await.unwrap();
        assert_eq!(added.prove().await, Proof::Works);
        let second = added.value.clone().unwrap();
        let first = made.secret.unwrap();
        assert_eq!(
            added.older.as_ref().unwrap().expose_secret(),
            first.expose_secret()
        );
        let id = Some(added.descriptor.id.clone());
        assert_eq!(
            reached.into_inner(),
            [
                InterruptedRotation::Adding { given: false },
                InterruptedRotation::Added { id, given: false }
            ]
        );
        drop(added);
        Self {
            demo,
            pool,
            client,
            first,
            second,
        }
    }

    async fn rotation(&self) -> Rotation<'_> {
        let gateway = &self.demo.gateway;
        gateway.rotation(&self.pool, &self.client).await.unwrap()
    }

    async fn ids(&self) -> (String, String) {
        match self.rotation().await.pair() {
            SecretPair::Two { older, newer } => (older.id, newer.id),
            other => panic!("{other:?}"),
        }
    }

    fn count(&self, operation: &str) -> usize {
        let calls = self.demo.sandbox.calls();
        calls.iter().filter(|call| **call == operation).count()
    }
}

#[tokio::test]
async fn the_older_secret_is_deleted_with_one_look_at_each() {
    let case = Case::start().await;
    let (older, _) = case.ids().await;
    let before = case.demo.sandbox.calls().len();
    let proven = case.rotation().await.prove_newer(case.second.clone());
    let ready = proven.await.unwrap().identify(None, false).await.unwrap();
    let reached = RefCell::new(Vec::new());
    let done = ready.delete_older(&older, |step| reached.borrow_mut().push(step));
    let done = done.await.unwrap();
    assert_eq!(
        (done.remaining, done.deleted),
        (Proof::Works, Some(Proof::Refused))
    );
    assert!(done.put_back.is_none());
    let mut calls = case.demo.sandbox.calls().split_off(before);
    // Both are read in parallel.
    calls[..2].sort();
    assert_eq!(
        calls,
        [
            "DescribeUserPool",
            "DescribeUserPoolClient",
            "ListUserPoolClientSecrets",
            "token",
            DELETE,
            "token",
            "token"
        ]
    );
    let id = older.clone();
    assert_eq!(
        reached.into_inner(),
        [
            InterruptedRotation::Deleting {
                id: id.clone(),
                newer: false
            },
            InterruptedRotation::Deleted { id }
        ]
    );
}

#[tokio::test]
async fn a_value_that_may_be_the_older_ones_deletes_nothing() {
    let case = Case::start().await;
    let wrong = SecretString::from("0123456789_abcdefghij+XYZ");
    let refused = case.rotation().await.prove_newer(wrong.clone()).await;
    assert_eq!(refused.err(), Some(Proof::Refused));
    for (value, old, sure, doubt) in [
        (&case.first, None, false, Doubt::Shown),
        (&case.second, Some(&case.second), true, Doubt::Equal),
        (
            &case.second,
            Some(&wrong),
            true,
            Doubt::OlderNotProven(Proof::Refused),
        ),
    ] {
        let proven = case.rotation().await.prove_newer(value.clone()).await;
        let proven = proven.unwrap_or_else(|proof| panic!("{proof:?}"));
        let ready = proven.identify(old.cloned(), sure).await;
        assert_eq!(ready.err(), Some(doubt));
    }
    assert_eq!(case.count(DELETE), 0);
}

#[tokio::test]
async fn what_another_writer_did_stops_every_step() {
    let case = Case::start().await;
    let (older, newer) = case.ids().await;
    // There are two already.
    let error = case.rotation().await.add(None, |_| {}).await.err();
    assert_eq!(error.unwrap().kind, ErrorKind::Changed);
    assert_eq!(case.count(ADD), 1);
    // The other one is meant.
    let proven = case.rotation().await.prove_newer(case.second.clone());
    let ready = proven.await.unwrap().known(None);
    let error = ready.delete_older(&newer, |_| {}).await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Changed);
    let rotation = case.rotation().await;
    let error = rotation.delete_newer(&older, (None, None), |_| {}).await;
    assert_eq!(error.unwrap_err().kind, ErrorKind::Changed);
    let error = case.rotation().await.take_back("4k2--9", |_| {}).await;
    assert_eq!(error.unwrap_err().kind, ErrorKind::Changed);
    assert_eq!(case.count(DELETE), 0);
}

#[tokio::test]
async fn the_newer_secret_is_deleted_only_if_the_older_one_works() {
    let case = Case::start().await;
    let (_, newer) = case.ids().await;
    let wrong = SecretString::from("0123456789_abcdefghij+XYZ");
    let known = (Some(&wrong), Some(&case.second));
    let rotation = case.rotation().await;
    let kept = rotation.delete_newer(&newer, known, |_| {}).await.unwrap();
    assert_eq!(kept, Err(Proof::Refused));
    assert_eq!(case.count(DELETE), 0);
    // What Cognito shows is proven where nothing else is known.
    let rotation = case.rotation().await;
    let known = (None, Some(&case.second));
    let gone = rotation.delete_newer(&newer, known, |_| {}).await.unwrap();
    let gone = gone.unwrap();
    assert_eq!(
        (gone.remaining, gone.deleted),
        (Some(Proof::Works), Some(Proof::Refused))
    );
}

#[tokio::test]
async fn the_older_value_that_was_taken_for_the_newer_is_added_again() {
    let case = Case::start().await;
    let (older, newer) = case.ids().await;
    let proven = case.rotation().await.prove_newer(case.first.clone());
    let ready = proven.await.unwrap().known(Some(case.second.clone()));
    let done = ready.delete_older(&older, |_| {}).await.unwrap();
    assert_eq!(done.remaining, Proof::Refused);
    let Some(PutBack::Added { secret, works }) = done.put_back else {
        panic!("it is gone");
    };
    assert!(works);
    assert_eq!(case.ids().await, (newer, secret.id));
    let rotation = case.rotation().await;
    assert_eq!(rotation.prove(&case.first).await, Proof::Works);
    assert_eq!(rotation.prove(&case.second).await, Proof::Works);
}
