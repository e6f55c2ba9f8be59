//! The required members of responses, for every operation.
//!
//! The SDK's types do not distinguish a missing list from an empty one, and use a default for a missing id. So each raw response is
//! compared with its shape first: a missing member is an error, never "none".
//!
//! The shapes are those of botocore's model, less what Cognito may leave out. An empty list is `[]`.

mod compare;

use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use thiserror::Error;

use self::compare::compare;
use crate::cognito::sdk::http_client::BodyLimit;

/// What a part of an answer must be.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// Text with something in it.
    Id,
    Text,
    Number,
    List(&'static Shape),
    /// An object with at least these members.
    Object(&'static [Member]),
    /// An object that is empty, or else has at least these members.
    EmptyOr(&'static [Member]),
    /// An object or an empty body: the answer of a call that returns nothing.
    Nothing,
}

/// A member of an object, and whether it may be left out or `null`.
type Member = (&'static str, Need, Shape);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Always,
    IfThere,
}

use Need::{Always, IfThere};
use Shape::{EmptyOr, Id, List, Nothing, Number, Object, Text};

/// An object. Any of its members may be missing.
const ANYTHING: Shape = Object(&[]);

const POOL: Shape = Object(&[("UserPool", Always, Object(&[("Id", Always, Id)]))]);
const CLIENT: Shape = Object(&[(
    "UserPoolClient",
    Always,
    Object(&[("ClientId", Always, Id)]),
)]);
/// A server may have been made without scopes.
const SERVER: Shape = Object(&[
    ("Identifier", Always, Id),
    (
        "Scopes",
        IfThere,
        List(&Object(&[
            ("ScopeName", Always, Id),
            ("ScopeDescription", Always, Text),
        ])),
    ),
]);
const ONE_SERVER: Shape = Object(&[("ResourceServer", Always, SERVER)]);
const STORED: Shape = Object(&[("ARN", Always, Id), ("VersionId", Always, Id)]);

/// The shapes of the answers of AWS, by operation.
const SHAPES: &[(&str, Shape)] = &[
    (
        "ListUserPools",
        Object(&[(
            "UserPools",
            Always,
            List(&Object(&[("Id", Always, Id), ("Name", Always, Text)])),
        )]),
    ),
    ("DescribeUserPool", POOL),
    ("CreateUserPool", POOL),
    ("UpdateUserPool", Nothing),
    ("DeleteUserPool", Nothing),
    (
        "ListUserPoolClients",
        Object(&[(
            "UserPoolClients",
            Always,
            List(&Object(&[
                ("ClientId", Always, Id),
                ("ClientName", Always, Text),
            ])),
        )]),
    ),
    ("DescribeUserPoolClient", CLIENT),
    ("CreateUserPoolClient", CLIENT),
    ("UpdateUserPoolClient", CLIENT),
    ("DeleteUserPoolClient", Nothing),
    (
        "ListUserPoolClientSecrets",
        Object(&[(
            "ClientSecrets",
            Always,
            List(&Object(&[("ClientSecretId", Always, Id)])),
        )]),
    ),
    (
        "AddUserPoolClientSecret",
        Object(&[(
            "ClientSecretDescriptor",
            Always,
            Object(&[("ClientSecretId", Always, Id)]),
        )]),
    ),
    ("DeleteUserPoolClientSecret", Nothing),
    (
        "ListResourceServers",
        Object(&[("ResourceServers", Always, List(&SERVER))]),
    ),
    ("DescribeResourceServer", ONE_SERVER),
    ("CreateResourceServer", ONE_SERVER),
    ("UpdateResourceServer", ONE_SERVER),
    ("DeleteResourceServer", Nothing),
    // A domain that does not exist is described by an empty description.
    (
        "DescribeUserPoolDomain",
        Object(&[(
            "DomainDescription",
            Always,
            EmptyOr(&[("Domain", Always, Id)]),
        )]),
    ),
    // Of a prefix domain every member may be missing.
    ("CreateUserPoolDomain", ANYTHING),
    ("UpdateUserPoolDomain", ANYTHING),
    ("DeleteUserPoolDomain", Nothing),
    // An API without a GraphQL address can't be called, and is skipped.
    (
        "ListGraphqlApis",
        Object(&[(
            "graphqlApis",
            Always,
            List(&Object(&[
                ("name", Always, Text),
                ("uris", Always, Object(&[("GRAPHQL", IfThere, Id)])),
            ])),
        )]),
    ),
    (
        "GetSecretValue",
        Object(&[("ARN", Always, Id), ("SecretString", IfThere, Text)]),
    ),
    ("DescribeSecret", Object(&[("ARN", Always, Id)])),
    ("RotateSecret", Object(&[("ARN", Always, Id)])),
    ("PutSecretValue", STORED),
    ("CreateSecret", STORED),
];

/// A set of public keys (RFC 7517, section 5).
const KEYS: Shape = Object(&[(
    "keys",
    Always,
    List(&Object(&[("kid", IfThere, Text), ("kty", Always, Id)])),
)]);
/// RFC 6749, section 5.1. Cognito issues bearer tokens only, so that `token_type` may be missing.
const TOKEN: Shape = Object(&[
    ("access_token", Always, Id),
    ("expires_in", IfThere, Number),
    ("token_type", IfThere, Text),
]);
const CLIENT_TOKEN: Shape = Object(&[(
    "ClientAuthenticationResult",
    Always,
    Object(&[
        ("AccessToken", Always, Id),
        ("ExpiresIn", IfThere, Number),
        ("TokenType", IfThere, Text),
    ]),
)]);

/// What is wrong with an answer, such as `UserPools[3] lacks Id`.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct ShapeError(String);

/// Compares every answer of a client of the SDK with the shape of its operation.
#[derive(Debug)]
pub struct ResponseShapes;

impl Intercept for ResponseShapes {
    fn name(&self) -> &'static str {
        "Complete"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if operation(cfg).starts_with("List") {
            context.request_mut().add_extension(BodyLimit::PAGE);
        }
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response();
        if answer.status().is_success() {
            let body = answer.body().bytes().unwrap_or_default();
            compare(&of(operation(cfg)), body)?;
        }
        Ok(())
    }
}

fn operation(cfg: &ConfigBag) -> &str {
    cfg.load::<Metadata>().map_or("", Metadata::name)
}

fn of(operation: &str) -> Shape {
    let known = SHAPES.iter().find(|(name, _)| *name == operation);
    known.map_or(ANYTHING, |(_, shape)| *shape)
}

/// Compares the answer of a JWKS request with what it must have.
pub fn keys(body: &[u8]) -> Result<(), ShapeError> {
    compare(&KEYS, body)
}

/// Compares an answer with which a token came, from a token endpoint or from `GetClientToken`.
pub fn token(body: &[u8], of_the_api: bool) -> Result<(), ShapeError> {
    compare(if of_the_api { &CLIENT_TOKEN } else { &TOKEN }, body)
}

#[cfg(test)]
mod tests;
