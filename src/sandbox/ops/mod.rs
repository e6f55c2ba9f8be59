//! The operations: what each does to the state with a validated input. The table maps names to functions.

mod client_rules;
mod clients;
mod domains;
pub mod managed;
mod mfa;
mod pool_settings;
mod pools;
mod secrets;
mod servers;
mod settings;
mod tags;

use serde_json::{Map, Value};

pub use self::client_rules::bad_callback;
pub use self::clients::register;
use super::errors::ApiError;
use super::quota::Category::{
    self, Unlisted, UserPoolClientRead, UserPoolClientUpdate, UserPoolRead, UserPoolResourceRead,
    UserPoolResourceUpdate, UserPoolUpdate,
};
use super::shared::Shared;
use super::state::{Client, ClientType, Pool, State};

/// An operation's response; [`Value::Null`] if its output is empty.
type Answer = Result<Value, ApiError>;

/// An operation of the API.
pub struct Operation {
    pub name: &'static str,
    pub category: Category,
    /// Whether it changes the state.
    writes: bool,
    perform: fn(&mut Call<'_>) -> Answer,
}

const fn read(
    name: &'static str,
    category: Category,
    perform: fn(&mut Call<'_>) -> Answer,
) -> Operation {
    Operation {
        name,
        category,
        writes: false,
        perform,
    }
}

const fn write(
    name: &'static str,
    category: Category,
    perform: fn(&mut Call<'_>) -> Answer,
) -> Operation {
    Operation {
        name,
        category,
        writes: true,
        perform,
    }
}

static OPERATIONS: [Operation; 28] = [
    read("ListUserPools", UserPoolRead, pools::list),
    read("DescribeUserPool", UserPoolRead, pools::describe),
    read("GetUserPoolMfaConfig", Unlisted, mfa::get),
    write("SetUserPoolMfaConfig", Unlisted, mfa::set),
    write("CreateUserPool", UserPoolUpdate, pools::create),
    write("UpdateUserPool", UserPoolUpdate, pools::update),
    write("DeleteUserPool", UserPoolUpdate, pools::delete),
    read("ListUserPoolReplicas", Unlisted, pools::list_replicas),
    write("TagResource", UserPoolResourceUpdate, tags::tag),
    write("UntagResource", UserPoolResourceUpdate, tags::untag),
    read("ListTagsForResource", UserPoolResourceRead, tags::list),
    read("ListResourceServers", UserPoolResourceRead, servers::list),
    read(
        "DescribeResourceServer",
        UserPoolResourceRead,
        servers::describe,
    ),
    write(
        "CreateResourceServer",
        UserPoolResourceUpdate,
        servers::create,
    ),
    write(
        "UpdateResourceServer",
        UserPoolResourceUpdate,
        servers::update,
    ),
    write(
        "DeleteResourceServer",
        UserPoolResourceUpdate,
        servers::delete,
    ),
    read("ListUserPoolClients", UserPoolClientRead, clients::list),
    read(
        "DescribeUserPoolClient",
        UserPoolClientRead,
        clients::describe,
    ),
    write(
        "CreateUserPoolClient",
        UserPoolClientUpdate,
        clients::create,
    ),
    write(
        "UpdateUserPoolClient",
        UserPoolClientUpdate,
        clients::update,
    ),
    write(
        "DeleteUserPoolClient",
        UserPoolClientUpdate,
        clients::delete,
    ),
    read("ListUserPoolClientSecrets", Unlisted, secrets::list),
    write("AddUserPoolClientSecret", Unlisted, secrets::add),
    write("DeleteUserPoolClientSecret", Unlisted, secrets::delete),
    read(
        "DescribeUserPoolDomain",
        UserPoolResourceRead,
        domains::describe,
    ),
    write(
        "CreateUserPoolDomain",
        UserPoolResourceUpdate,
        domains::create,
    ),
    write(
        "UpdateUserPoolDomain",
        UserPoolResourceUpdate,
        domains::update,
    ),
    write(
        "DeleteUserPoolDomain",
        UserPoolResourceUpdate,
        domains::delete,
    ),
];

/// Returns the operation with this name.
pub fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

impl Operation {
    /// Runs it on `input`, which has been validated.
    pub fn run(&self, shared: &Shared, input: &Value) -> Answer {
        let answer = {
            let mut state = shared.lock();
            (self.perform)(&mut Call {
                shared,
                state: &mut state,
                input: Input(input),
                now: shared.timestamp(),
            })
        };
        if self.writes && answer.is_ok() {
            shared.touch();
        }
        answer
    }
}

/// One call of an operation.
struct Call<'a> {
    shared: &'a Shared,
    state: &'a mut State,
    input: Input<'a>,
    now: f64,
}

impl Call<'_> {
    /// Returns the pool that `UserPoolId` names.
    fn pool(&mut self) -> Result<&mut Pool, ApiError> {
        pool_of(self.state, self.input.text("UserPoolId"))
    }

    /// Returns the client that `UserPoolId` and `ClientId` name.
    fn client(&mut self) -> Result<&mut Client, ApiError> {
        let id = self.input.text("ClientId");
        self.pool()?
            .clients
            .iter_mut()
            .find(|client| client.id == id)
            .ok_or_else(|| ApiError::not_found(format!("User pool client {id} does not exist.")))
    }

    /// Returns the client, for an operation on secrets: clients that registered themselves do not have these operations.
    fn regular_client(&mut self) -> Result<&mut Client, ApiError> {
        let client = self.client()?;
        if client.client_type == ClientType::Dcr {
            return Err(ApiError::invalid(
                "Client secret operations are not supported for app clients created through dynamic client registration.",
            ));
        }
        Ok(client)
    }
}

fn pool_of<'s>(state: &'s mut State, id: &str) -> Result<&'s mut Pool, ApiError> {
    let missing = || ApiError::not_found(format!("User pool {id} does not exist."));
    state.pools.get_mut(id).ok_or_else(missing)
}

/// Returns the date of a change: now, but later than the previous one even within a millisecond, because callers compare dates.
fn later(now: f64, before: f64) -> f64 {
    if now > before {
        now
    } else {
        (before * 1000.0 + 1.0).round() / 1000.0
    }
}

/// The members of a validated request: each is missing or has its type.
#[derive(Clone, Copy)]
struct Input<'a>(&'a Value);

impl<'a> Input<'a> {
    fn has(self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    /// Returns the text of a member; empty if missing.
    fn text(self, name: &str) -> &'a str {
        self.given(name).unwrap_or_default()
    }

    fn given(self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    fn flag(self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Returns a flag, where missing differs from false.
    fn asked(self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    fn number(self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    fn inside(self, name: &str) -> Option<Input<'a>> {
        self.0.get(name).map(Input)
    }

    fn texts(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.items(name).filter_map(Value::as_str)
    }

    fn items(self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }

    /// Returns all members except these.
    fn without(self, names: &[&str]) -> Map<String, Value> {
        let members = self.0.as_object().into_iter().flatten();
        members
            .filter(|(name, _)| !names.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Returns `MaxResults`, or else `default`.
    fn page_size(self, default: usize) -> usize {
        self.number("MaxResults")
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(default)
    }
}
