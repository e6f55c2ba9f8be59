//! Below the SDK's types: the JSON of a request or an answer as it goes over the wire.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value};

/// Changes the JSON object that a request carries, before it is signed.
pub(super) fn edit(request: &mut HttpRequest, change: impl Fn(&mut Map<String, Value>)) {
    let body = request.body().bytes().unwrap_or_default();
    let mut object = serde_json::from_slice(body).unwrap_or_default();
    change(&mut object);
    let text = Value::Object(object).to_string();
    request
        .headers_mut()
        .insert("content-length", text.len().to_string());
    *request.body_mut() = SdkBody::from(text);
}

/// Keeps the body of a call's answer as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Answered(Arc<Mutex<Option<Map<String, Value>>>>);

impl Answered {
    /// The JSON object that was answered; taken, so that the second time there is none.
    pub(super) fn json(&self) -> Option<Map<String, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Intercept for Answered {
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
