//! Credentials delivered to AWS Secrets Manager: existing values may belong to someone else, and stored ones are read back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cognitui::delivery::{self, ChildStderr, Receipt};
use cognitui::domain::delivery::destination::{Delivery, DeliveryError, Destination};
use cognitui::domain::delivery::formats::Credentials;
use cognitui::domain::ids::ClientId;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::stub::{Answer, Call, Stub};

const NAME: &str = "team/machine";

/// A Secrets Manager: the versions of each secret, the newest last. A secret may have none.
#[derive(Clone, Default)]
struct Vault {
    secrets: Arc<Mutex<BTreeMap<String, Vec<Value>>>>,
    /// Operations that are denied, each from this call on.
    denied: BTreeMap<&'static str, usize>,
    /// Returns another value for every read of a version.
    forgetful: bool,
    counts: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Vault {
    fn holding(value: Value) -> Self {
        let vault = Self::default();
        vault.put(value);
        vault
    }

    fn put(&self, value: Value) {
        let mut secrets = self.secrets.lock().unwrap();
        secrets.entry(NAME.to_owned()).or_default().push(value);
    }

    fn text(&self) -> Option<String> {
        let secrets = self.secrets.lock().unwrap();
        let newest = secrets.get(NAME)?.last()?;
        newest.as_str().map(str::to_owned)
    }

    fn versions(&self) -> usize {
        self.secrets.lock().unwrap().get(NAME).map_or(0, Vec::len)
    }

    fn answer(&self, call: &Call) -> Answer {
        let refuse = |name: &str| (400, json!({ "__type": name, "message": "no" }).to_string());
        let before = {
            let mut counts = self.counts.lock().unwrap();
            let count = counts.entry(call.operation.clone()).or_default();
            *count += 1;
            *count - 1
        };
        if self
            .denied
            .get(call.operation.as_str())
            .is_some_and(|from| before >= *from)
        {
            return refuse("AccessDeniedException");
        }
        let body = call.json();
        let id = body["SecretId"].as_str().or(body["Name"].as_str()).unwrap();
        let name = id.strip_prefix("arn:x:").unwrap_or(id).to_owned();
        let arn = format!("arn:x:{name}");
        let mut secrets = self.secrets.lock().unwrap();
        let stored = |version: usize| {
            (
                200,
                json!({ "ARN": arn, "Name": name, "VersionId": version.to_string() }).to_string(),
            )
        };
        match call.operation.as_str() {
            "GetSecretValue" => {
                let versions = secrets.get(&name).map(Vec::as_slice).unwrap_or_default();
                let wanted = body["VersionId"]
                    .as_str()
                    .map(|at| at.parse::<usize>().unwrap());
                let found = match wanted {
                    Some(_) if self.forgetful => Some(&Value::Null),
                    Some(at) => versions.get(at),
                    None => versions.last(),
                };
                match found {
                    None => refuse("ResourceNotFoundException"),
                    Some(Value::Null) => (200, json!({ "ARN": arn }).to_string()),
                    Some(text) => (200, json!({ "ARN": arn, "SecretString": text }).to_string()),
                }
            }
            "CreateSecret" if secrets.contains_key(&name) => refuse("ResourceExistsException"),
            "PutSecretValue" if !secrets.contains_key(&name) => refuse("ResourceNotFoundException"),
            "CreateSecret" | "PutSecretValue" => {
                let versions = secrets.entry(name.clone()).or_default();
                versions.push(body["SecretString"].clone());
                stored(versions.len() - 1)
            }
            other => panic!("{other}"),
        }
    }

    async fn deliver(&self, replace: bool) -> Result<Receipt, DeliveryError> {
        let vault = self.clone();
        let stub = Stub::start(move |call, _| vault.answer(call)).await;
        let delivery = Delivery {
            to: Destination::SecretsManager(NAME.to_owned()),
            replace,
        };
        let gateway = stub.gateway().await;
        let free = delivery::check_free(&delivery, &ours(), &gateway).await;
        let text: SecretString = credentials("ours", "new").into();
        let delivered =
            delivery::deliver(&delivery, &ours(), &text, ChildStderr::Discard, &gateway).await;
        // What is known to be in the way is known before there is a secret to lose.
        if let Err(DeliveryError::Occupied(_)) = &delivered {
            assert!(matches!(free, Err(DeliveryError::Occupied(_))), "{free:?}");
        } else {
            assert_eq!(free, Ok(()));
        }
        delivered
    }
}

fn ours() -> ClientId {
    ClientId::new("ours")
}

fn credentials(client: &str, secret: &str) -> String {
    let secret = SecretString::from(secret.to_owned());
    let credentials = Credentials {
        endpoint: Some("https://x/oauth2/token"),
        graph_endpoint: None,
        client: &ClientId::new(client),
        secret: &secret,
        secret_arn: None,
    };
    credentials.json().expose_secret().to_owned()
}

#[tokio::test]
async fn only_what_is_free_or_the_clients_own_is_written() {
    let ours_now = || json!(credentials("ours", "old"));
    for there in [None, Some(ours_now())] {
        let vault = there.clone().map_or_else(Vault::default, Vault::holding);
        let receipt = vault.deliver(false).await.unwrap();
        assert_eq!(receipt.unverified, None, "{there:?}");
        assert_eq!(receipt.stored.unwrap().created, there.is_none());
        assert_eq!(vault.text().unwrap(), credentials("ours", "new"));
    }
    for other in [
        json!(credentials("theirs", "old")),
        json!("a password"),
        json!(""),
        json!(r#"{"client_id":"ours","client_secret":"old","database":"x"}"#),
        json!(r#"{"userPoolId":"p","userPoolClientId":"ours","clientSecretValue":"old"}"#),
        // A binary value.
        Value::Null,
    ] {
        let vault = Vault::holding(other.clone());
        let refused = vault.deliver(false).await.unwrap_err();
        assert!(matches!(refused, DeliveryError::Occupied(_)), "{refused:?}");
        assert_eq!(vault.versions(), 1, "{other}");
        // On purpose it is.
        vault.deliver(true).await.unwrap();
        assert_eq!(vault.text().unwrap(), credentials("ours", "new"));
    }
}

#[tokio::test]
async fn a_secret_that_holds_nothing_yet_is_filled() {
    let vault = Vault::default();
    let empty = (NAME.to_owned(), Vec::new());
    vault.secrets.lock().unwrap().extend([empty]);
    let receipt = vault.deliver(false).await.unwrap();
    assert!(!receipt.stored.unwrap().created);
    assert_eq!(vault.text().unwrap(), credentials("ours", "new"));
}

#[tokio::test]
async fn what_may_not_be_read_is_not_written_over_unless_it_is_asked_for() {
    let vault = Vault {
        denied: BTreeMap::from([("GetSecretValue", 0)]),
        ..Vault::holding(json!(credentials("ours", "old")))
    };
    let Err(DeliveryError::Occupied(reason)) = vault.deliver(false).await else {
        panic!("written over");
    };
    assert!(reason.contains("secretsmanager:GetSecretValue"), "{reason}");
    assert_eq!(vault.versions(), 1);
    let receipt = vault.deliver(true).await.unwrap();
    let unverified = receipt.unverified.clone().unwrap();
    assert!(
        unverified.contains("secretsmanager:GetSecretValue"),
        "{unverified}"
    );
    assert!(receipt.describe().contains("not verified"));
    // With nothing there, either.
    let vault = Vault {
        denied: vault.denied,
        ..Vault::default()
    };
    vault.deliver(true).await.unwrap();
    assert_eq!(vault.text().unwrap(), credentials("ours", "new"));
}

#[tokio::test]
async fn what_comes_back_as_something_else_has_not_arrived() {
    let vault = Vault {
        forgetful: true,
        ..Vault::default()
    };
    let failed = vault.deliver(false).await.unwrap_err();
    assert!(matches!(failed, DeliveryError::Unknown(_)), "{failed:?}");
}
