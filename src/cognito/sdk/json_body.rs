//! The raw JSON of requests and responses, below the SDK's types.
//!
//! The SDK drops unknown members. So a resource that is updated is read and sent as JSON: each member is kept as text and sent back
//! byte for byte unless the change affects it.

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

/// The members of a JSON object, each as raw text.
pub type Members = BTreeMap<String, Box<RawValue>>;

/// Changes the JSON object of a request before signing.
pub fn edit(request: &mut HttpRequest, change: impl Fn(&mut Map<String, Value>)) {
    let body = request.body().bytes().unwrap_or_default();
    let mut object = serde_json::from_slice(body).unwrap_or_default();
    change(&mut object);
    put(request, Value::Object(object).to_string());
}

/// Replaces the body of a request before signing.
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

/// Keeps the raw body of a response.
#[derive(Clone, Debug, Default)]
pub struct ResponseBody(Arc<Mutex<Option<Members>>>);

impl ResponseBody {
    /// Takes the object under `name` from the response.
    pub fn object(&self, name: &str) -> Option<Members> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        object(&kept.as_mut()?.remove(name)?)
    }

    /// The list under `name`, each item as an object.
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

/// Parses members, and remembers the first with an unexpected type.
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

    /// A member; `None` if missing or null.
    pub fn read<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let text = self.members.get(name)?.get();
        serde_json::from_str::<Option<T>>(text).unwrap_or_else(|_| {
            self.unexpected.get_or_insert(name);
            None
        })
    }

    /// A text. Empty is none: Cognito has no empty settings, and some emulators describe unset ones so.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.read(name).filter(|text: &String| !text.is_empty())
    }

    /// A list; empty if missing.
    pub fn list<T: DeserializeOwned>(&mut self, name: &'static str) -> Vec<T> {
        self.read(name).unwrap_or_default()
    }

    /// A nested object, by a reader of its own; `None` if missing or null.
    pub fn object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> T,
    ) -> Option<T> {
        let members: Members = self.read(name)?;
        let mut inner = Reader::new(&members);
        let found = read(&mut inner);
        self.unexpected = self.unexpected.or(inner.unexpected);
        Some(found)
    }

    /// A moment, in seconds since 1970.
    pub fn date(&mut self, name: &'static str) -> Option<Timestamp> {
        let seconds: f64 = self.read(name)?;
        Some(convert::timestamp(DateTime::from_secs_f64(seconds)))
    }

    /// Checks that every member had the expected type.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] with the name of the first that had not, without its value: it may be a secret.
    pub fn finish(self, operation: &'static str, about: &str) -> Result<(), Error> {
        self.unexpected.map_or(Ok(()), |name| {
            Err(Error::new(
                operation,
                ErrorKind::Malformed,
                format!("{name} has an unexpected type"),
                "This version of cognitui may be too old: check for a newer one.",
            )
            .about(about))
        })
    }
}

/// The known members of an object and its nested objects: a path, such as `Policies.PasswordPolicy`, and its names. The path of the
/// object itself is empty.
pub type KnownMembers = [(&'static str, &'static [&'static str])];

/// The `members` that are not `known`. An object whose path is not listed is fully known.
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

/// The `members` that are `known`, without nulls.
pub fn known(members: &Members, known: &KnownMembers) -> Map<String, Value> {
    collect_known(members, "", known)
}

fn collect_known(members: &Members, path: &str, known: &KnownMembers) -> Map<String, Value> {
    let names = known.iter().find(|(known, _)| *known == path);
    let mut found = Map::new();
    for (name, value) in members {
        // An object whose path is not listed is fully known.
        if names.is_some_and(|(_, names)| !names.contains(&name.as_str())) {
            continue;
        }
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        let value = match object(value) {
            Some(object) => Value::Object(collect_known(&object, &path, known)),
            None => serde_json::from_str(value.get()).unwrap_or_default(),
        };
        if !value.is_null() {
            found.insert(name.clone(), value);
        }
    }
    found
}

/// A value's members as raw text; `None` if not an object.
pub fn object(value: &RawValue) -> Option<Members> {
    serde_json::from_str(value.get()).ok()
}

/// Members as JSON text.
pub fn joined(value: &impl Serialize) -> Box<RawValue> {
    // All keys are strings, so this does not fail.
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
