//! What an API's answer says: its headers and its body, whatever program wrote it.

use serde_json::Value;

use crate::domain::oauth::api_call::ApiAnswer;

/// The longest text that is quoted.
const QUOTED: usize = 200;
/// The members of a JSON body that hold a reason, of AWS's services and of the frameworks.
const REASONS: [&str; 11] = [
    "message",
    "Message",
    "error_description",
    "errorMessage",
    "detail",
    "title",
    "reason",
    "description",
    "msg",
    "error",
    "code",
];

/// A text that an answer gives as the reason, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub place: &'static str,
    pub text: String,
}

impl Reason {
    fn new(place: &'static str, text: &str) -> Self {
        let text = text.trim().trim_end_matches('.').chars().take(QUOTED);
        Self {
            place,
            text: text.collect(),
        }
    }

    /// As evidence.
    pub fn quoted(&self) -> String {
        format!("{} says: {}.", self.place, self.text)
    }
}

/// An answer, read.
pub(super) struct Said<'a> {
    pub answer: &'a ApiAnswer,
    pub challenge: Challenge,
    /// `x-amzn-errortype`, or a body's `__type`: the exception's name alone.
    pub exception: Option<String>,
    pub reasons: Vec<Reason>,
    /// The `errorType`s of GraphQL's list of errors.
    pub graphql: Vec<String>,
}

impl<'a> Said<'a> {
    pub fn of(answer: &'a ApiAnswer) -> Self {
        let challenge = Challenge::of(answer.header("www-authenticate").unwrap_or_default());
        let body = serde_json::from_str::<Value>(&answer.body).ok();
        let mut reasons = Vec::new();
        if !challenge.description.is_empty() {
            reasons.push(Reason::new("www-authenticate", &challenge.description));
        }
        let mut graphql = Vec::new();
        match &body {
            Some(body) => {
                of_object(body, &mut reasons);
                let errors = body.get("errors").and_then(Value::as_array);
                for error in errors.into_iter().flatten() {
                    of_object(error, &mut reasons);
                    let kind = error.get("errorType").and_then(Value::as_str);
                    graphql.extend(kind.map(ToOwned::to_owned));
                }
            }
            None if !is_page(answer) && !answer.body.trim().is_empty() => {
                reasons.push(Reason::new("the body", &answer.body));
            }
            None => {}
        }
        let of_body = || body.as_ref()?.get("__type")?.as_str();
        let exception = answer
            .header("x-amzn-errortype")
            .or_else(of_body)
            .map(exception_name);
        Self {
            answer,
            challenge,
            exception,
            reasons,
            graphql,
        }
    }

    /// The first reason that holds one of these texts, whatever its case.
    pub fn reason(&self, words: &[&str]) -> Option<&Reason> {
        self.reasons.iter().find(|reason| {
            let text = reason.text.to_ascii_lowercase();
            words.iter().any(|word| text.contains(word))
        })
    }

    pub fn is_exception(&self, names: &[&str]) -> bool {
        let name = self.exception.as_deref().unwrap_or_default();
        names.contains(&name)
    }

    /// GraphQL answers with a list of errors, whatever its status.
    pub fn is_graphql_refusal(&self) -> bool {
        let mut kinds = self.graphql.iter();
        kinds.any(|kind| kind.starts_with("Unauthorized"))
    }

    /// A web page, or a document of S3: no API of JSON writes one.
    pub fn is_page(&self) -> bool {
        is_page(self.answer)
    }

    /// Amazon API Gateway's own headers.
    pub fn is_api_gateway(&self) -> bool {
        ["apigw-requestid", "x-amz-apigw-id"]
            .iter()
            .any(|name| self.answer.header(name).is_some())
    }

    /// The headers that name who answered, before or instead of the API.
    pub fn signs(&self) -> Vec<String> {
        const NAMES: [&str; 5] = [
            "server",
            "x-amzn-waf-action",
            "x-cache",
            "via",
            "content-type",
        ];
        let header = |name: &&str| {
            let value = self.answer.header(name)?;
            let value: String = value.chars().take(QUOTED).collect();
            Some(format!("{name}: {value}"))
        };
        NAMES.iter().filter_map(header).collect()
    }
}

fn of_object(object: &Value, reasons: &mut Vec<Reason>) {
    for name in REASONS {
        match object.get(name) {
            Some(Value::String(text)) if !text.is_empty() => {
                reasons.push(Reason::new("the body", text));
            }
            // A framework nests its error, or lists it.
            Some(nested @ Value::Object(_)) => of_object(nested, reasons),
            Some(Value::Array(list)) => {
                for nested in list.iter().filter(|nested| nested.is_object()).take(8) {
                    of_object(nested, reasons);
                }
            }
            _ => {}
        }
    }
}

fn is_page(answer: &ApiAnswer) -> bool {
    let kind = answer.header("content-type").unwrap_or_default();
    answer.body.trim_start().starts_with('<') || kind.starts_with("text/html")
}

/// `com.amazonaws.x#NotAuthorizedException:http://…` is `NotAuthorizedException`.
fn exception_name(kind: &str) -> String {
    let name = kind.split(':').next().unwrap_or(kind);
    name.rsplit('#').next().unwrap_or(name).trim().to_owned()
}

/// A `www-authenticate` header (RFC 9110, section 11.6.1; of Bearer: RFC 6750, section 3).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The first scheme, in small letters.
    pub scheme: String,
    pub error: String,
    pub description: String,
    pub scope: String,
}

impl Challenge {
    pub fn of(header: &str) -> Self {
        let field = |name: &str| {
            let lower = header.to_ascii_lowercase();
            let mark = format!("{name}=\"");
            let at = lower
                .match_indices(&mark)
                .map(|(at, _)| at)
                // `error` is also the beginning of `error_description`, and the end of other names.
                .find(|at| {
                    !lower
                        .get(..*at)
                        .unwrap_or_default()
                        .ends_with(|c: char| c.is_alphanumeric() || c == '_')
                })?;
            let rest = header.get(at + mark.len()..)?;
            Some(rest.split('"').next().unwrap_or_default().trim().to_owned())
        };
        let scheme = header.split([' ', ',']).next().unwrap_or_default();
        Self {
            scheme: scheme.to_ascii_lowercase(),
            error: field("error").unwrap_or_default(),
            description: field("error_description").unwrap_or_default(),
            scope: field("scope").unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    proptest::proptest! {
        #[test]
        fn no_header_panics(header in "(\\PC|error|scope|=|\"){0,60}") {
            let _ = Challenge::of(&header);
        }
    }
}
