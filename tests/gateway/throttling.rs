//! A throttled call is reported and repeated.

use std::sync::{Arc, Mutex};

use cognitui::cognito::{ConnectionEvent, ConnectionEvents, ErrorKind};

use crate::stub::{Answer, Stub};

const THROTTLED: &str = r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#;
const POOLS: &str = r#"{"UserPools":[{"Id":"eu-west-1_A","Name":"orders"}]}"#;

fn listen() -> (ConnectionEvents, Arc<Mutex<Vec<ConnectionEvent>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&heard);
    (
        Arc::new(move |signal| record.lock().unwrap().push(signal)),
        heard,
    )
}

fn throttled(attempt: u32) -> ConnectionEvent {
    ConnectionEvent::Throttled {
        operation: "ListUserPools".to_owned(),
        attempt,
    }
}

fn recovered() -> ConnectionEvent {
    ConnectionEvent::Recovered {
        operation: "ListUserPools".to_owned(),
    }
}

fn answer(status: u16, body: &str) -> Answer {
    (status, body.to_owned())
}

#[tokio::test]
async fn a_throttled_call_goes_through_and_both_are_heard() {
    let stub = Stub::start(|_, before| {
        if before < 2 {
            answer(400, THROTTLED)
        } else {
            answer(200, POOLS)
        }
    })
    .await;
    let (signals, heard) = listen();
    let page = stub
        .gateway_telling(signals)
        .await
        .pools(None)
        .await
        .unwrap();
    assert_eq!(page.items[0].name, "orders");
    assert_eq!(
        *heard.lock().unwrap(),
        [throttled(1), throttled(2), recovered()]
    );
}

#[tokio::test]
async fn a_call_that_stays_throttled_fails_and_ends_the_waiting() {
    let stub = Stub::start(|_, _| answer(400, THROTTLED)).await;
    let (signals, heard) = listen();
    let error = stub
        .gateway_telling(signals)
        .await
        .pools(None)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.detail.as_str()),
        (ErrorKind::Throttled, "Rate exceeded")
    );
    let heard = heard.lock().unwrap();
    assert_eq!((heard.len(), heard.last()), (6, Some(&recovered())));
}

#[tokio::test]
async fn a_call_that_is_given_up_while_throttled_ends_the_waiting() {
    let stub = Stub::start(|_, _| answer(400, THROTTLED)).await;
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let gateway = stub
        .gateway_telling(Arc::new(move |signal| drop(sender.send(signal))))
        .await;
    let call = tokio::spawn(async move { gateway.pools(None).await });
    assert_eq!(receiver.recv().await, Some(throttled(1)));
    call.abort();
    while let Some(signal) = receiver.recv().await {
        if signal == recovered() {
            return;
        }
    }
    panic!("the call was aborted, and the console still says that it is being retried");
}

#[tokio::test]
async fn an_ordinary_refusal_is_neither_tried_again_nor_told_of() {
    let stub = Stub::start(|_, _| {
        answer(
            400,
            r#"{"__type":"InvalidParameterException","message":"no"}"#,
        )
    })
    .await;
    let (signals, heard) = listen();
    stub.gateway_telling(signals)
        .await
        .pools(None)
        .await
        .unwrap_err();
    assert_eq!((stub.calls().len(), heard.lock().unwrap().len()), (1, 0));
}
