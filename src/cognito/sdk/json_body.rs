//! Below the SDK's types: the JSON of a request or an answer as it goes over the wire.
//!
//! The SDK drops what it does not know. So a thing that is read to be changed is read and sent as JSON: each member is kept as the
//! text that came, and goes back byte for byte unless the change is about it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::convert;
use crate::cognito::error::{Error, ErrorKind};
use crate::domain::other_settings::OtherSettings;
use crate::domain::time::Timestamp;

/// The members of a JSON object, each as the text that came over the wire.
pub type Members = BTreeMap<String, Box<RawValue>>;

/// Changes the JSON object that a request carries, before it is signed.
pub fn edit(request: &mut HttpRequest, change: impl Fn(&mut Map<String, Value>)) {
    let body = request.body().bytes().unwrap_or_default();
    let mut object = serde_json::from_slice(body).unwrap_or_default();
    change(&mut object);
    put(request, Value::Object(object).to_string());
}

/// Replaces the body of a request, before it is signed.
pub fn send(request: &mut HttpRequest, members: &Members) {
    put(request, serde_json::to_string(members).unwrap_or_default());
}

fn put(request: &mut HttpRequest, text: String) {
    request
        .headers_mut()
        .insert("content-length", text.len().to_string());
    *request.body_mut() = SdkBody::from(text);
}

/// A value as JSON text.
pub fn raw(value: &Value) -> Box<RawValue> {
    joined(value)
}

/// Keeps the body of a call's answer as it came.
#[derive(Clone, Debug, Default)]
pub struct ResponseBody(Arc<Mutex<Option<Members>>>);

impl ResponseBody {
    /// The object that the answer has under `name`; taken, so that the second time there is none.
    pub fn object(&self, name: &str) -> Option<Members> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        object(&kept.as_mut()?.remove(name)?)
    }

    /// The list that the answer has under `name`, each item as an object.
    pub fn list(&self, name: &str) -> Option<Vec<Members>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let member = kept.as_mut()?.remove(name)?;
        serde_json::from_str(member.get()).ok()
    }
}

impl Intercept for ResponseBody {
    fn name(&self) -> &'static str {
        "Answered"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = serde_json::from_slice(body).ok();
        Ok(())
    }
}

/// Reads members as what this build takes them for, and remembers the first that is something else.
pub struct Reader<'a> {
    members: &'a Members,
    unexpected: Option<&'static str>,
}

impl<'a> Reader<'a> {
    pub fn new(members: &'a Members) -> Self {
        Self {
            members,
            unexpected: None,
        }
    }

    /// A member; `None` where it is missing or null.
    pub fn read<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let text = self.members.get(name)?.get();
        serde_json::from_str::<Option<T>>(text).unwrap_or_else(|_| {
            self.unexpected.get_or_insert(name);
            None
        })
    }

    /// A text. An empty one is none: no setting of Cognito's can be set to it, and some emulators describe what is not set so.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.read(name).filter(|text: &String| !text.is_empty())
    }

    /// A list; empty where it is missing.
    pub fn list<T: DeserializeOwned>(&mut self, name: &'static str) -> Vec<T> {
        self.read(name).unwrap_or_default()
    }

    /// A moment, in seconds since 1970.
    pub fn date(&mut self, name: &'static str) -> Option<Timestamp> {
        let seconds: f64 = self.read(name)?;
        Some(convert::timestamp(DateTime::from_secs_f64(seconds)))
    }

    /// Whether every member was what this build takes it for.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`], with the name of the first one that was not. Its value is not in there: it may be a secret.
    pub fn finish(self, operation: &'static str, about: &str) -> Result<(), Error> {
        self.unexpected.map_or(Ok(()), |name| {
            Err(Error::new(
                operation,
                ErrorKind::Malformed,
                format!("{name} has an unexpected form"),
                "This version may be too old for it: look for a newer one.",
            )
            .about(about))
        })
    }
}

/// The members that this build knows of an object and of the objects in it: a path, such as `Policies.PasswordPolicy`, with the names
/// that may be there. The path of the object itself is empty.
pub type KnownMembers = [(&'static str, &'static [&'static str])];

/// What of `members` is not `known`. An object whose path is not listed is known whole.
pub fn others(members: &Members, known: &KnownMembers) -> OtherSettings {
    let mut found = Vec::new();
    collect_others(members, "", known, &mut found);
    OtherSettings::new(found)
}

fn collect_others(
    members: &Members,
    path: &str,
    known: &KnownMembers,
    found: &mut Vec<(String, String)>,
) {
    let Some((_, names)) = known.iter().find(|(known, _)| *known == path) else {
        return;
    };
    for (name, value) in members {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        if !names.contains(&name.as_str()) {
            found.push((path, value.get().to_owned()));
        } else if let Some(object) = object(value) {
            collect_others(&object, &path, known, found);
        }
    }
}

/// A value's members, each as the text that came; `None` where it is no object.
pub fn object(value: &RawValue) -> Option<Members> {
    serde_json::from_str(value.get()).ok()
}

/// What is made of members, as JSON text.
pub fn joined(value: &impl Serialize) -> Box<RawValue> {
    // Members have no key that is not a string, so that this does not fail.
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
