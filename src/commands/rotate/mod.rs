//! `rotate`: a client's second secret, handed over and proven, and the end of the first.

mod answer;
mod start;

use std::io::IsTerminal;
use std::time::Instant;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use self::answer::{Answer, State};
use super::out::Out;
use super::token::no_domain;
use super::{Access, Exit, Failure, caller, find, handing, note};
use crate::cli::RotateArgs;
use crate::cognito::{self, Error, Gateway};
use crate::delivery;
use crate::domain::caller::Caller;
use crate::domain::client::{AppClient, SecretDescriptor};
use crate::domain::destination::Delivery;
use crate::domain::limits;
use crate::domain::rotation::{Proof, Slots, proof_request};
use crate::domain::token::TokenRequest;

/// What follows the reason why a secret that is not there yet could not be handed over.
const NOTHING_CHANGED: &str = "Nothing was changed. Hand it over to another place.";

pub(super) async fn run(
    args: &RotateArgs,
    access: Access<'_>,
    out: &mut Out,
) -> Result<Exit, Failure> {
    let delivery = check(args, out)?;
    let given = (args.own || args.finish).then(given).transpose()?;
    let of = given.as_ref().and_then(|given| given.client.as_deref());
    let gateway = access.gateway().await?;
    let (rotation, caller) = tokio::join!(
        Rotation::read(args, of, delivery, &gateway),
        caller(&gateway)
    );
    let rotation = Rotation {
        caller,
        ..rotation?
    };
    rotation.say(&format!("signed in as {}", rotation.caller));
    match given {
        Some(given) if args.finish => rotation.finish(&given.secret, out).await,
        given => rotation.start(given.map(|given| given.secret), out).await,
    }
}

/// What would fail later, when there is something to lose.
fn check(args: &RotateArgs, out: &Out) -> Result<Option<Delivery>, Failure> {
    if args.finish {
        return Ok(None);
    }
    if !args.format.shows_secret() {
        return Err(Failure::usage(
            "this format has no secret in it, and the new secret would be lost",
            "Choose team, env, dotenv or json.",
        ));
    }
    match &args.to {
        None if args.json => Err(Failure::usage(
            "--json would print the answer and the new secret to one place",
            "Say with --to where the secret goes.",
        )),
        None if out.is_terminal() && !args.reveal => Err(Failure::new(
            "this would show the new client secret on the terminal",
            "Say with --to where it goes, send it to a program (| PROGRAM), or add --reveal to see it here.",
        )),
        to => handing::delivery(to.as_ref(), args.replace, NOTHING_CHANGED),
    }
}

/// A secret from standard input.
struct Given {
    secret: SecretString,
    /// The app client whose it is, where JSON says so.
    client: Option<String>,
}

/// A secret from standard input: alone, or in the JSON of credentials. What can be none is refused here, before anything is sent: a wrong
/// file may hold something that no token endpoint should see.
fn given() -> Result<Given, Failure> {
    const NEXT: &str = "Pipe it in: the secret alone, or JSON with a client_secret.";
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Err(Failure::new(
            "the secret is read from standard input, which is a terminal",
            NEXT,
        ));
    }
    let text = super::given::read(Ok(stdin.lock()), "standard input", NEXT)?;
    let bare = text.trim();
    let in_json = serde_json::from_str::<Value>(bare).ok();
    let field = |name: &str| in_json.as_ref()?.get(name)?.as_str();
    let value = match &in_json {
        Some(Value::Object(_)) => field("client_secret"),
        _ => Some(bare),
    };
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return Err(Failure::new("there is no secret on standard input", NEXT));
    };
    limits::client_secret(value).map_err(|reason| {
        Failure::Words(vec![
            "what is on standard input can be no client secret, and nothing was sent".to_owned(),
            reason,
            NEXT.to_owned(),
        ])
    })?;
    Ok(Given {
        secret: value.to_owned().into(),
        client: field("client_id").map(ToOwned::to_owned),
    })
}

/// One client, and where its rotation stands.
struct Rotation<'a> {
    args: &'a RotateArgs,
    delivery: Option<Delivery>,
    gateway: &'a Gateway,
    client: AppClient,
    endpoint: Option<String>,
    /// What `DescribeUserPoolClient` tells: with two secrets, nobody knows of which.
    described: SecretString,
    slots: Slots,
    /// How a secret is proven.
    request: TokenRequest,
    caller: Caller,
}

impl<'a> Rotation<'a> {
    async fn read(
        args: &'a RotateArgs,
        of: Option<&str>,
        delivery: Option<Delivery>,
        gateway: &'a Gateway,
    ) -> Result<Self, Failure> {
        let (pool, found) = find::pool_and_client(gateway, &args.pool, &args.client).await?;
        if let Some(other) = of.filter(|of| *of != found.id.as_str()) {
            return Err(Failure::new(
                format!("what is on standard input is the secret of another app client, {other}"),
                format!(
                    "Nothing was sent. This rotation is of {} ({}).",
                    found.name, found.id
                ),
            ));
        }
        if let Some(delivery) = &delivery {
            delivery::check_free(delivery, &found.id, gateway)
                .await
                .map_err(|error| handing::in_the_way(error, NOTHING_CHANGED))?;
        }
        let ((client, described), secrets) = tokio::try_join!(
            gateway.client_and_secret(&pool.id, &found.id),
            gateway.secrets(&pool.id, &found.id),
        )?;
        let described = described?;
        let endpoint = gateway.token_endpoint(&pool);
        let Some(request) = proof_request(&client, endpoint.clone()) else {
            return Err(no_domain(
                &pool,
                "No new secret could be proven. Give the pool a domain, or the client the flow ALLOW_CLIENT_TOKEN_AUTH.",
            ));
        };
        Ok(Self {
            args,
            delivery,
            gateway,
            client,
            endpoint,
            described,
            slots: Slots::of(&secrets),
            request,
            caller: gateway.caller(),
        })
    }

    /// Asks for a token with `value`. Where no answer comes, nothing shows: what was done before stays done, and is to be told.
    async fn prove(&self, value: &SecretString) -> Proof {
        let start = Instant::now();
        let reply = self.gateway.issue(&self.request, value).await;
        cognito::note(
            &format!("proof of a secret of {}", self.client.id),
            start,
            reply.as_ref().err(),
        );
        match reply {
            Ok(reply) => Proof::of(&reply.outcome, reply.exchange.status),
            Err(error) => Proof::Unclear(error.one_line()),
        }
    }

    async fn delete(&self, secret: &SecretDescriptor) -> Result<(), Error> {
        let start = Instant::now();
        let (pool, client) = (&self.client.pool, &self.client.id);
        let deleted = self.gateway.delete_secret(pool, client, &secret.id).await;
        let what = format!("delete secret {}", secret.id);
        cognito::note(&what, start, deleted.as_ref().err());
        deleted
    }

    /// Says by hand what [`Answer`] has, where no JSON is asked for.
    fn say(&self, line: &str) {
        if !self.args.json {
            note(line);
        }
    }

    /// Deletes the old secret, once `value` has been seen to work; and sees that it still does, and the old one does not.
    async fn finish(&self, value: &SecretString, out: &mut Out) -> Result<Exit, Failure> {
        let name = &self.client.settings.name;
        self.proven(value, "Nothing was deleted.").await?;
        let older = match &self.slots {
            // An earlier run was cut off after it had deleted the old one.
            Slots::One(_) | Slots::None => {
                self.say(&format!(
                    "{name} has one secret, and it is this one: the rotation is over"
                ));
                let mut answer = Answer::new(self, State::Finished);
                answer.proven = true;
                return answer.print(out, Exit::Done);
            }
            Slots::Unordered(..) => return Err(unordered(&self.slots)),
            Slots::Two { older, .. } => older,
        };
        let told = value.expose_secret() == self.described.expose_secret();
        if told && !self.args.sure {
            return Err(Failure::new(
                "this secret works, but it is the one that DescribeUserPoolClient tells, and of two secrets that may be the old one",
                "Nothing was deleted. Look where it came from; --sure says that it is the new one.",
            ));
        }
        self.say(&format!("proven: a token was issued to {name} with it"));
        let mut answer = Answer::new(self, State::Waiting);
        answer.proven = true;
        if let Err(error) = self.delete(older).await {
            return answer.fail(out, error.into());
        }
        self.say(&format!("deleted the old secret {}", older.id));
        answer.finish(older);
        match self.prove(value).await {
            Proof::Works => {}
            Proof::Refused => {
                answer.proven = false;
                let failure = self.wrong_one(older).await;
                return answer.fail(out, failure);
            }
            Proof::Unclear(reason) => {
                answer.proven = false;
                let failure = Failure::new(
                    format!(
                        "the old secret is deleted; whether the new one still works did not show: {reason}"
                    ),
                    "It did before. Try it again with --finish, which deletes nothing more; where it is refused, `cognitui credentials` prints the one that remains.",
                );
                return answer.fail(out, failure);
            }
        }
        if told {
            self.say(
                "the old secret's value is not known here, so it was not tried: Cognito has deleted it",
            );
            return answer.print(out, Exit::Done);
        }
        // Two secrets, both known, and one of them is what was given.
        let old = self.prove(&self.described).await;
        answer.old_refused = match &old {
            Proof::Works => Some(false),
            Proof::Refused => Some(true),
            Proof::Unclear(_) => None,
        };
        let (words, exit) = match old {
            Proof::Refused => ("proven: the old secret is refused".to_owned(), Exit::Done),
            Proof::Works => (
                "the old secret is deleted, and still taken by the token endpoint: try it again in a while".to_owned(),
                Exit::No,
            ),
            Proof::Unclear(reason) => (
                format!("the old secret is deleted; whether it is refused did not show: {reason}"),
                Exit::Done,
            ),
        };
        self.say(&words);
        answer.print(out, exit)
    }

    /// That `value` gets no token, where it does not. `next` says what that means for what was to come.
    async fn proven(&self, value: &SecretString, next: &str) -> Result<(), Failure> {
        let name = &self.client.settings.name;
        match self.prove(value).await {
            Proof::Works => Ok(()),
            Proof::Refused => Err(Failure::new(
                format!("{name} gets no token with this secret: it is none of its live ones"),
                next,
            )),
            Proof::Unclear(reason) => Err(Failure::new(
                format!("{name} gets no token, which says nothing about the secret: {reason}"),
                format!("{next} `cognitui token` explains what is in the way."),
            )),
        }
    }

    /// What was given as the new secret worked until the older one was deleted: it was the older one.
    async fn wrong_one(&self, older: &SecretDescriptor) -> Failure {
        let what = format!(
            "the secret that was given was the old one, {}, which is deleted now",
            older.id
        );
        let (pool, client) = (&self.client.pool, &self.client.id);
        let remains = match self.gateway.secret(pool, client).await {
            Ok(remains) => Some(self.prove(&remains).await),
            Err(_) => None,
        };
        let next = if remains == Some(Proof::Works) {
            "The one that remains works, and `cognitui credentials` prints it: hand it over now."
        } else {
            "Nobody may have the one that remains: run rotate again at once, which adds another."
        };
        Failure::new(what, next)
    }
}

/// That nobody can tell which secret is the older one.
fn unordered(slots: &Slots) -> Failure {
    let mut lines = vec![
        "Cognito does not tell which of the two secrets is the older one".to_owned(),
        "Delete the right one by its id (DeleteUserPoolClientSecret):".to_owned(),
    ];
    lines.extend(slots.all().into_iter().map(|secret| secret.id.clone()));
    Failure::Words(lines)
}
